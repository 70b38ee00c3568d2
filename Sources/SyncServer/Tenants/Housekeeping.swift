// What a tenant's store may forget, found by the time that the ledger's entries bear. Done when a tenant is opened, before
// anybody uses it.
import ReviewModel
import Storage

enum Housekeeping {
  /// A device that was away for longer is repaired by digests instead.
  static let departureLifetimeMilliseconds: UInt64 = 180 * 86_400_000

  static func tidy(_ store: any TenantStore, nowMilliseconds: UInt64) throws(StorageError) {
    let discard = StoreDiscard(
      departuresThrough: try seq(of: store, before: nowMilliseconds, lifetime: departureLifetimeMilliseconds),
      stagesThrough: try seq(of: store, before: nowMilliseconds, lifetime: StageEntity.lifetimeMilliseconds))
    guard discard.departuresThrough > 0 || discard.stagesThrough > 0 else { return }
    try store.discard(discard)
  }

  /// The last number of the change log that is older than a lifetime; 0 if none is. By bisection: server time ascends.
  static func seq(of store: any TenantStore, before now: UInt64, lifetime: UInt64) throws(StorageError) -> UInt64 {
    guard now > lifetime else { return 0 }
    var low: UInt64 = 0
    var high = try store.state().ledgerSize
    var found: UInt64 = 0
    while low < high {
      let middle = low + (high - low) / 2
      guard let entry = try store.entry(index: middle) else { return found }
      // A record that cannot be read is as if it were young: then nothing is forgotten because of it.
      let time = (try? LeafRecord(canonical: entry.leafRecord))?.serverMilliseconds ?? .max
      if time < now - lifetime {
        found = entry.commitSeq
        low = middle + 1
      } else {
        high = middle
      }
    }
    return found
  }
}
