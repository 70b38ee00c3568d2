// Whether a server that was shown its own signature beyond its head still writes. Of the product it knows how a note is
// verified, and nothing of who carries the order out.
import Storage
import SyncProtocol
import Trust

final class ShownNoteAudit {
  private let serverName: String
  private let serverKey: PublicKey
  private let origin: String
  /// What valid notes say, by the connection over which they came.
  private var claims: [Int: UInt64] = [:]
  /// The largest of them that this process has answered with `rolled_back`: from then on it knows.
  private var shownSize: UInt64?
  /// Found while a commit was noted; thrown at the next chance.
  private(set) var violation: Violation?

  init(context: SimulationContext, origin: String) {
    serverName = context.serverName
    serverKey = context.serverKey.publicKey
    self.origin = origin
  }

  /// A proof has come. Whether its note is beyond the head is told by the answer: until then commits may be on their way.
  func came(_ prove: Prove, over link: Int) {
    guard let text = String(validating: prove.seenNote, as: UTF8.self) else { return }
    do {
      let checkpoint = try Checkpoint.open(text, name: serverName, key: serverKey)
      if checkpoint.origin == origin { claims[link] = checkpoint.size }
    } catch {
      // No note, or a forged one: it shows nothing.
      return
    }
  }

  func said(_ goodbye: Goodbye, over link: Int) {
    guard let claim = claims.removeValue(forKey: link), goodbye.code == .rolledBack else { return }
    shownSize = max(shownSize ?? 0, claim)
  }

  func note(_ batch: CommitBatch) {
    guard violation == nil, let shownSize, batch.expected.ledgerSize < shownSize else { return }
    violation = Violation(
      .rolledBackWrites,
      "the server commits entry \(batch.expected.ledgerSize) and was shown its own signature on \(shownSize) entries")
  }

  /// A process that ends forgets what it was shown.
  func forget() {
    claims = [:]
    shownSize = nil
  }
}
