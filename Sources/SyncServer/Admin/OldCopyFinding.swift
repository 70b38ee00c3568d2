// Whether the server writes nothing for a tenant because its files are an old copy, as the console sees it: from the files
// alone, with a running server beside it or without one. It changes nothing; only the server lifts a stop.
import ReviewModel
import Storage

package struct OldCopyFinding: Sendable, Hashable {
  /// Entries of the ledger that a device has shown this server's signature on.
  package let shownSize: UInt64
  /// Entries of the ledger that is here.
  package let heldSize: UInt64

  /// Nil if nothing was shown, if the ledger holds what was shown, and if that was of another epoch, of which it says nothing:
  /// the server writes then.
  package static func look(
    at tenant: TenantID, identity: ServerIdentity, store: any TenantStore, directory: any DirectoryStore
  ) throws(StorageError) -> OldCopyFinding? {
    guard let shown = try directory.shown(of: tenant) else { return nil }
    let state = try store.state()
    guard shown.origin == identity.origin(tenant: state.tenant, epoch: state.epoch), try !WriterCore.holds(shown, in: store)
    else { return nil }
    return OldCopyFinding(shownSize: shown.size, heldSize: state.ledgerSize)
  }

  package var sentence: String {
    // Another history can be as long as what was shown, or longer.
    let held = heldSize < shownSize ? "this one has \(heldSize)" : "this one, of \(heldSize), does not continue it"
    return """
      The files are an old copy, and the server writes nothing for this tenant: a device has shown this server's own signature \
      on a ledger of \(shownSize) entries, and \(held)
      """
  }
}
