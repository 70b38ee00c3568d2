// Made-up ids, entries and commits for the store tests, all from a seed.
import ReviewModel
import Storage
import Testing
import Trust

enum Sample {
  static let tenant: TenantID = identifier(1)
  static let epoch: EpochID = identifier(2)
  static let campaign = Scope.campaign(identifier(10))
  static let otherCampaign = Scope.campaign(identifier(11))

  static func identifier<Kind>(_ number: UInt64) -> Identifier<Kind> {
    let bytes = [UInt8](repeating: 0, count: 8) + (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    return Identifier(bytes) ?? .zero
  }

  static func subject(_ number: UInt64) -> EntityKey { .subject(identifier(number)) }

  static func digest(_ text: String) -> Digest { SHA256.hash(Array(text.utf8)) }

  /// An entry that no device signed: stores do not look into it.
  static func entry(
    index: UInt64, device: String = "device", lane: UInt32 = 1, number: UInt64? = nil, mutation: UInt64? = nil,
    commitSeq: UInt64 = 0
  ) throws -> LedgerEntry {
    let signature = Signature(digest("signature \(index)").bytes + digest("more \(index)").bytes)
    guard let signature else { throw StorageError(.conflict, "A signature has 64 bytes.") }
    return LedgerEntry(
      index: index, leafRecord: Array("leaf record \(index)".utf8), leafHash: digest("leaf \(index)"),
      envelope: SignedEnvelope(bytes: Array("envelope \(index)".utf8), signature: signature),
      mutationID: identifier(mutation ?? 1_000 + index), bodyDigest: digest("body \(index)"), member: identifier(20),
      device: digest(device), lane: lane, number: number ?? index + 1, commitSeq: commitSeq)
  }

  /// A batch of entries and writes that continues from where the store is. Each write gets the next number.
  static func batch(
    after state: TenantState, entries: Int = 0, writes: [(key: EntityKey, scope: Scope, payload: [UInt8]?)] = []
  ) throws -> CommitBatch {
    var next = state
    next.seq += UInt64(writes.count)
    next.ledgerSize += UInt64(entries)
    var batch = CommitBatch(expected: state, next: next)
    batch.entries = try (0..<entries).map { try entry(index: state.ledgerSize + UInt64($0), commitSeq: next.seq) }
    batch.writes = writes.enumerated().map { offset, write in
      EntityWrite(key: write.key, seq: state.seq + UInt64(offset) + 1, scope: write.scope, payload: write.payload)
    }
    return batch
  }
}

extension TenantStore {
  /// Commits writes after the present head.
  func commit(_ writes: [(key: EntityKey, scope: Scope, payload: [UInt8]?)], entries: Int = 0) throws {
    try write(try Sample.batch(after: try state(), entries: entries, writes: writes))
  }
}

/// The code of the storage error that the call ends with, nil if it works.
func refusal(_ body: () throws -> Void) -> StorageError.Code? {
  do {
    try body()
    return nil
  } catch let error as StorageError {
    #expect(!error.sentence.isEmpty)
    return error.code
  } catch {
    Issue.record(error, "a store must throw storage errors only")
    return nil
  }
}
