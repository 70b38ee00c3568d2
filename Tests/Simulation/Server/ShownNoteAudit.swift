// Whether a server that was shown its own signature beyond its head still writes. Of the product it knows how
// a note is verified; what the ledger's root is it finds out for itself, from the records in the store.
import ReviewModel
import Storage
import SyncProtocol
import Trust

final class ShownNoteAudit {
  private static let entriesARead = 500

  private let context: SimulationContext
  private let serverKey: PublicKey
  private let origin: String
  /// What devices say that they have seen, by the connection over which it came.
  private var named: [Int: SeenCheckpoint] = [:]
  /// Those of them that came with a valid note.
  private var notes: [Int: SeenCheckpoint] = [:]
  /// Those that were beyond the ledger of this server, and that it has answered.
  private var shown: Set<SeenCheckpoint> = []
  /// Found while a commit was noted; thrown at the next chance.
  private(set) var violation: Violation?

  init(context: SimulationContext, origin: String) {
    self.context = context
    serverKey = context.serverKey.publicKey
    self.origin = origin
  }

  /// Something has come. What a note is worth is told when it is answered: until then commits may be on their way.
  func came(_ frame: ClientFrame, over link: Int) {
    switch frame {
    case .hello(let hello): named[link] = hello.seen
    case .prove(let prove):
      guard let seen = named.removeValue(forKey: link), let text = String(validating: prove.seenNote, as: UTF8.self) else {
        return
      }
      do {
        let checkpoint = try Checkpoint.open(text, name: context.serverName, key: serverKey)
        let noted = SeenCheckpoint(origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root)
        if noted == seen, noted.origin == origin, noted.size > 0 { notes[link] = noted }
      } catch {
        // No note, or a forged one: it shows nothing.
        return
      }
    default: return
    }
  }

  /// The note is beyond the ledger, and the server has said so: from then on it knows.
  func said(_ goodbye: Goodbye, over link: Int) {
    guard let note = notes.removeValue(forKey: link), goodbye.code == .rolledBack else { return }
    shown.insert(note)
  }

  /// A commit is written: then the ledger before it must be, or continue, everything that was shown.
  func note(_ batch: CommitBatch, in store: FaultyTenantStore) {
    guard violation == nil, !shown.isEmpty else { return }
    let size = batch.expected.ledgerSize
    do {
      for one in shown {
        let found = one.size > size ? nil : try root(of: store, size: one.size)
        if found == one.root { continue }
        violation = Violation(
          .rolledBackWrites,
          "the server commits entry \(size) and was shown its own signature on \(one.size) entries of another history")
        return
      }
      shown = []
    } catch {
      // Who died while it wrote is not asked any more; everything else can be read.
      if !store.hasCrashed { violation = Violation(.storeFailed, "the ledger cannot be read: \(error)") }
    }
  }

  /// With a process its connections end. What it was shown stays: the directory is durable.
  func forgetConnections() {
    named = [:]
    notes = [:]
  }

  /// By the definition of RFC 6962; nil if the ledger is shorter.
  private func root(of store: FaultyTenantStore, size: UInt64) throws -> Digest? {
    try store.files.quietly { () throws -> Digest? in
      var leaves: [Digest] = []
      while UInt64(leaves.count) < size {
        let limit = min(Self.entriesARead, Int(size) - leaves.count)
        let entries = try store.entries(from: UInt64(leaves.count), limit: limit)
        guard !entries.isEmpty else { return nil }
        leaves += entries.map { SHA256.hash([0] + $0.leafRecord) }
      }
      return LedgerAudit.root(leaves[...])
    }
  }
}
