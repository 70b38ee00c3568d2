// What a tenant's store may forget, found by the time that the ledger's entries bear. Done when a tenant is opened, before
// anybody uses it. Time has passed for it only as far as the ledger or the run of the process shows.
import ReviewModel
import Storage

enum Housekeeping {
  /// A device that was away for longer is repaired by digests instead.
  static let departureLifetimeMilliseconds: UInt64 = 180 * 86_400_000

  /// - Parameter uptimeMilliseconds: how long this process has run, by a clock that nobody sets.
  static func tidy(
    _ store: any TenantStore, nowMilliseconds: UInt64, uptimeMilliseconds: UInt64
  ) throws(StorageError) {
    guard let newest = try newestTime(in: store) else { return }
    // What the wall clock says beyond that, nothing vouches for: a machine that boots with its clock a year ahead would
    // forget what was acknowledged yesterday.
    let now = min(nowMilliseconds, newest + min(uptimeMilliseconds, UInt64.max - newest))
    let discard = StoreDiscard(
      departuresThrough: try seq(of: store, before: now, lifetime: departureLifetimeMilliseconds),
      stagesThrough: try seq(of: store, before: now, lifetime: StageEntity.lifetimeMilliseconds))
    guard discard.departuresThrough > 0 || discard.stagesThrough > 0 else { return }
    try store.discard(discard)
  }

  /// The server's time of the newest entry; nil if there is none, or none that can be read: then nothing is forgotten.
  private static func newestTime(in store: any TenantStore) throws(StorageError) -> UInt64? {
    let size = try store.state().ledgerSize
    guard size > 0, let entry = try store.entry(index: size - 1) else { return nil }
    // As said above: what cannot be read is no reason to forget.
    return (try? LeafRecord(canonical: entry.leafRecord))?.serverMilliseconds
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
