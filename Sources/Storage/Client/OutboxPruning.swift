// Which answered rows an outbox may forget: the server's backup holds them, the view no longer needs them, and they are
// older than the days that are kept or lie beyond the bytes that are kept.

package struct OutboxPruning: Sendable {
  /// One answered row.
  package struct Candidate: Sendable {
    package var row: Int64
    package var ledgerIndex: UInt64
    package var answeredMilliseconds: UInt64
    package var isRetired: Bool
    package var byteCount: Int

    package init(row: Int64, ledgerIndex: UInt64, answeredMilliseconds: UInt64, isRetired: Bool, byteCount: Int) {
      self.row = row
      self.ledgerIndex = ledgerIndex
      self.answeredMilliseconds = answeredMilliseconds
      self.isRetired = isRetired
      self.byteCount = byteCount
    }
  }

  /// How many entries of the ledger the backup holds: the first one that it does not hold has this index.
  package var durableThrough: UInt64
  package var answeredBeforeMilliseconds: UInt64
  package var keepBytes: Int

  package init(durableThrough: UInt64, answeredBeforeMilliseconds: UInt64, keepBytes: Int) {
    self.durableThrough = durableThrough
    self.answeredBeforeMilliseconds = answeredBeforeMilliseconds
    self.keepBytes = keepBytes
  }

  /// The rows to forget, of all answered ones given newest first.
  package func forgotten(_ newestFirst: [Candidate]) -> [Int64] {
    var kept = 0
    var rows: [Int64] = []
    for candidate in newestFirst {
      kept = kept.addingReportingOverflow(candidate.byteCount).partialValue
      let isOld = candidate.answeredMilliseconds < answeredBeforeMilliseconds || kept > keepBytes
      if isOld, candidate.isRetired, candidate.ledgerIndex < durableThrough { rows.append(candidate.row) }
    }
    return rows
  }
}
