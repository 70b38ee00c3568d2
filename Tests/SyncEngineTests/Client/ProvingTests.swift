// Proofs are asked for behind everything else, and believed only if they lead to the checkpoint that is held.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

struct ProvingTests {
  /// A session that has asked for the proof of one entry, and the entry.
  private func asked(isOnce: Bool = true) throws -> (script: SessionScript, request: ProofRequest, entry: ProvedEntry) {
    var server = try ScriptedServer()
    let envelope = SignedEnvelope(Envelope(), signedBy: server.device)
    var record = LeafRecord()
    record.envelopeHash = envelope.hash
    server.addLeaf(record.encoded())
    server.addLeaf([7])
    let script = try SessionScript(server: server, isOnce: isOnce)
    script.unproved = [1, 2_000]
    try script.open()
    try script.checkpoint()
    guard case .proofs(let request) = script.sent.last else { throw ScriptError() }
    let entry = ProvedEntry(
      index: 1, leafRecord: record.encoded(), envelope: envelope, inclusion: try server.inclusion(1))
    return (script, request, entry)
  }

  @Test func `a proof that holds is kept, and the sync ends`() throws {
    let (script, request, entry) = try asked()
    #expect(request.indexes == [1] && request.size == 3)
    try script.frame(.proofs(Proofs(request: request.request, size: 3, entries: [entry], refused: [], isLast: true)))
    #expect(script.evidence.map(\.index) == [1])
    #expect(script.end == .finished)
  }

  @Test func `a proof that does not hold ends the session`() throws {
    for change in 0..<3 {
      let (script, request, entry) = try asked()
      var changed = entry
      switch change {
      case 0: changed.inclusion[0] = .zero
      case 1: changed.index = 0
      default: changed.leafRecord = LeafRecord().encoded()
      }
      try script.frame(.proofs(Proofs(request: request.request, size: 3, entries: [changed], refused: [], isLast: true)))
      guard case .stopped(.badEvidence, _) = script.end else {
        Issue.record("the change \(change) was believed")
        return
      }
      #expect(script.evidence.isEmpty)
    }
  }

  @Test func `what the server does not give is not asked for again, and a missing answer holds nothing up`() throws {
    let (script, request, _) = try asked()
    try script.frame(.proofs(Proofs(request: request.request, size: 3, entries: [], refused: [1], isLast: true)))
    #expect(script.end == .finished)
    let (late, _, _) = try asked()
    #expect(late.timers[.reply] != nil)
    try late.handle(.timerFired(.reply))
    #expect(late.end == .finished)
  }

  @Test func `a session that goes on asks again once the server is heard`() throws {
    let (script, first, entry) = try asked(isOnce: false)
    try script.handle(.timerFired(.reply))
    #expect(script.end == nil)
    script.unproved = [1]
    // Too late: nobody waits for it any more, and it is proved by the next answer.
    try script.frame(.proofs(Proofs(request: first.request, size: 3, entries: [entry], refused: [], isLast: true)))
    #expect(script.evidence.isEmpty)
    let sent = script.sent.count
    try script.frame(.heartbeat(Heartbeat()))
    guard script.sent.count > sent, case .proofs(let second) = script.sent.last else { throw ScriptError() }
    #expect(second.indexes == [1] && second.request != first.request && script.timers[.reply] != nil)
    try script.frame(.proofs(Proofs(request: second.request, size: 3, entries: [entry], refused: [], isLast: true)))
    #expect(script.evidence.map(\.index) == [1])
    try script.frame(.heartbeat(Heartbeat()))
    #expect(script.sent.count == sent + 1, "one chance is enough when it is taken")
  }
}
