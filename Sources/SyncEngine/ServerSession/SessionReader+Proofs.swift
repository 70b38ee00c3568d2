// Ledger entries with inclusion proofs: a member's own, and those that touch nothing but what the member may read.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension SessionReader {
  /// One frame's worth of what was asked for, from `position` in the list of indexes (or in the range) on.
  /// Whether a range may be asked for at all is decided before.
  package func proofs(
    _ request: ProofRequest, position: Int, device: Digest
  ) throws(StorageError) -> ProofPage {
    let isRange = request.rangeCount > 0
    let count = isRange ? Int(min(request.rangeCount, UInt32(WireLimits.indexesARange))) : request.indexes.count
    var page = ProofPage(entries: [], refused: [], next: nil)
    var used = 0
    guard let access = try access(of: device) else { return page }
    let size = min(request.size, try store.state().ledgerSize)
    let source = StoreNodeSource(store: store)
    for offset in min(position, count)..<count {
      let index = isRange ? request.rangeStart &+ UInt64(offset) : request.indexes[offset]
      guard index < size, index >= request.rangeStart, let entry = try provable(index, to: isRange ? nil : access) else {
        if isRange { break }
        page.refused.append(index)
        continue
      }
      let proved = ProvedEntry(
        index: index, leafRecord: entry.leafRecord, envelope: entry.envelope,
        inclusion: try StoredProof.inclusion(index: index, size: size, source: source),
        parts: isRange ? try parts(of: entry) : [])
      used += FrameCodec.size(of: proved)
      if !page.entries.isEmpty, used > WireLimits.pageBytes || page.entries.count == WireLimits.provedEntriesAFrame {
        page.next = offset
        return page
      }
      page.entries.append(proved)
    }
    return page
  }

  /// The parts of an entry that are still there, in the order in which its body names them.
  package func parts(of entry: LedgerEntry) throws(StorageError) -> [[UInt8]] {
    // An envelope that was taken in is canonical; one that is not names no parts.
    guard let body = try? entry.envelope.envelope().body else { return [] }
    let digests = Mutation.partDigests(ofBody: body)
    guard !digests.isEmpty else { return [] }
    let found = try store.parts(digests)
    return digests.compactMap { found[$0]?.bytes }
  }

  /// The entry, if it is there and may be seen; by everybody if no access is given.
  private func provable(_ index: UInt64, to access: SessionAccess?) throws(StorageError) -> LedgerEntry? {
    guard let entry = try store.entry(index: index) else { return nil }
    guard let access else { return entry }
    return try isVisible(entry, to: access) ? entry : nil
  }

  /// Own entries, and those whose every touched entity is in a granted scope.
  private func isVisible(_ entry: LedgerEntry, to access: SessionAccess) throws(StorageError) -> Bool {
    if entry.device == access.device.id || entry.member == access.member.id { return true }
    // What a batch holds is nobody else's before it is imported, and it touches nothing that says whose it is.
    if case .known(.stageBatch) = try? Mutation.decode(entry.envelope.envelope().body) { return false }
    let touched = try StoredLedger.record(of: entry).touched.map(\.key)
    guard !touched.isEmpty else { return false }
    let found = try store.load(touched)
    return touched.allSatisfy { key in found[key].map { access.scopes[$0.scope] != nil } ?? false }
  }
}
