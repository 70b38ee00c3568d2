// What every store asks of a batch before it writes it, so that no implementation is more forgiving than another.

extension CommitBatch {
  /// Whether the batch leads from `expected` to `next` without gaps.
  /// - Throws: `conflict` if it does not: a fault of the program that made it, and nothing was written.
  package func check() throws(StorageError) {
    let tail = UInt64(Int64.max)
    guard next.seq <= tail, next.ledgerSize <= tail, next.seq >= expected.seq, next.tenant == expected.tenant else {
      throw Self.inconsistent("it does not lead forward from where it starts")
    }
    guard expected.ledgerSize <= next.ledgerSize, next.ledgerSize - expected.ledgerSize == UInt64(entries.count) else {
      throw Self.inconsistent("its entries do not fill the ledger up to the new size")
    }
    for (offset, entry) in entries.enumerated() {
      guard entry.index == expected.ledgerSize + UInt64(offset), entry.number <= tail, entry.commitSeq <= tail else {
        throw Self.inconsistent("an entry of the ledger is out of place")
      }
    }
    var last = expected.seq
    for write in writes {
      guard write.seq > last, write.seq <= next.seq else { throw Self.inconsistent("a change has a number out of order") }
      last = write.seq
    }
  }

  private static func inconsistent(_ reason: String) -> StorageError {
    StorageError(.conflict, "The commit is inconsistent (\(reason)) and was not written; report this as a bug.")
  }
}
