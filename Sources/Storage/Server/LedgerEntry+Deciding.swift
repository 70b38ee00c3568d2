// Which of several entries of one mutation id is the one that decided it.
import ReviewModel

extension LedgerEntry {
  /// What decides a mutation is the first entry with its id; but where that was refused because its kind was not known, it gives
  /// way to the first later one of the same change that a newer program has decided.
  package func givesWay(to later: LedgerEntry) -> Bool {
    isOfUnknownKind && later.bodyDigest == bodyDigest && later.member == member && !later.isOfUnknownKind
  }

  package var isOfUnknownKind: Bool {
    // A record that cannot be read is damage that whoever answers with it finds.
    (try? LeafRecord(canonical: leafRecord))?.outcome.code == .unsupported
  }
}
