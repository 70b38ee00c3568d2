// Which of several entries of one mutation id is the one that decided it.
import ReviewModel

extension LedgerEntry {
  /// The first; or, if that was refused `unsupported`, the first later one of the same change that was not: a newer program has
  /// decided it.
  ///
  /// - Parameter entries: all with one mutation id, ascending.
  package static func deciding(_ entries: [LedgerEntry]) -> LedgerEntry? {
    guard let first = entries.first, entries.count > 1, first.code == .unsupported else { return entries.first }
    let later = entries.dropFirst().first { entry in
      entry.bodyDigest == first.bodyDigest && entry.member == first.member && entry.code != .unsupported
    }
    return later ?? first
  }

  private var code: RefusalCode? {
    // A record that cannot be read is damage that whoever answers with it finds.
    (try? LeafRecord(canonical: leafRecord))?.outcome.code
  }
}
