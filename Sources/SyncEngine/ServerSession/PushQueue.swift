// Pushed envelopes on their way: verified beside the tenant's queue, in any order, and committed in the order in which
// they came, lane by lane, so that an import never delays a pause.
import ReviewModel
import SyncProtocol

struct PushQueue: Sendable {
  private struct Batch {
    let ticket: UInt64
    let lane: UInt32
    let count: Int
    let bytes: Int
    var verified: [VerifiedEnvelope]?
  }

  private var batches: [Batch] = []
  private var committing: [UInt64: (count: Int, bytes: Int)] = [:]
  private var lastTicket: UInt64 = 0
  private(set) var unansweredCount = 0
  private(set) var unansweredBytes = 0

  var isEmpty: Bool { unansweredCount == 0 }

  /// Nil if it would be more than a client may have unanswered.
  mutating func accept(_ push: Push, lane: UInt32, limits: SessionLimits) -> UInt64? {
    let bytes = push.envelopes.reduce(0) { $0 + FrameCodec.size(of: $1) }
    guard unansweredCount + push.envelopes.count <= Int(limits.unansweredMutations),
      unansweredBytes == 0 || unansweredBytes + bytes <= Int(limits.unansweredBytes) + WireLimits.frameBytes
    else { return nil }
    lastTicket += 1
    batches.append(Batch(ticket: lastTicket, lane: lane, count: push.envelopes.count, bytes: bytes, verified: nil))
    unansweredCount += push.envelopes.count
    unansweredBytes += bytes
    return lastTicket
  }

  /// Everything that may be committed now.
  mutating func verified(_ ticket: UInt64, _ envelopes: [VerifiedEnvelope]) -> [(ticket: UInt64, envelopes: [VerifiedEnvelope])]
  {
    guard let index = batches.firstIndex(where: { $0.ticket == ticket }) else { return [] }
    batches[index].verified = envelopes
    var ready: [(ticket: UInt64, envelopes: [VerifiedEnvelope])] = []
    var waitingLanes: Set<UInt32> = []
    var rest: [Batch] = []
    for batch in batches {
      if let verified = batch.verified, !waitingLanes.contains(batch.lane) {
        ready.append((batch.ticket, verified))
        committing[batch.ticket] = (batch.count, batch.bytes)
      } else {
        waitingLanes.insert(batch.lane)
        rest.append(batch)
      }
    }
    batches = rest
    return ready
  }

  mutating func committed(_ ticket: UInt64) {
    guard let done = committing.removeValue(forKey: ticket) else { return }
    unansweredCount -= done.count
    unansweredBytes -= done.bytes
  }
}
