// Requests out of turn (entities, proofs, repairs), answered one after the other and step by step, so that none of them
// holds more than a frame at a time.
import ReviewModel
import SyncProtocol
import Trust

struct RequestQueue: Sendable {
  enum Request: Sendable {
    case fetch(Fetch)
    case proofs(ProofRequest)
    case repair(Repair)
  }

  /// The request that is being answered, and how far it is.
  enum Current: Sendable {
    case fetch(Fetch, keys: [EntityKey])
    case proofs(ProofRequest, position: Int)
    case repair(Repair, head: UInt64, leaves: [UInt8], next: Int)
  }

  private(set) var waiting: [Request] = []
  var current: Current?
  /// Whether a step's answer is on its way.
  var isReading = false

  /// False if too many wait already.
  mutating func add(_ request: Request) -> Bool {
    guard waiting.count < ServerSessionLimits.waitingRequests else { return false }
    waiting.append(request)
    return true
  }

  mutating func takeNext() -> Request? { waiting.isEmpty ? nil : waiting.removeFirst() }
}
