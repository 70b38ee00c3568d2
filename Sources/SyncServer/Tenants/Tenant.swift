// One open tenant: its store, its writer, its sessions.
import ReviewModel
import Storage
import SyncEngine
import Trust

package final class Tenant: Sendable {
  package let id: TenantID
  package let epoch: EpochID
  package let origin: String
  package let store: any TenantStore
  package let reader: SessionReader
  package let writer: TenantWriter
  package let fanOut: FanOut

  /// - Parameters:
  ///   - onCommit: told of every commit after the sessions were.
  ///   - onRestored: told once the ledger holds the checkpoint for which its writer had stopped.
  package init(
    store: any TenantStore, identity: ServerIdentity, environment: ServerEnvironment, marksEverything: Bool,
    onCommit: @escaping @Sendable (CommittedGroup) -> Void,
    onRestored: @escaping @Sendable (SeenCheckpoint) -> Void = { _ in }
  ) throws(StorageError) {
    let state = try store.state()
    id = state.tenant
    epoch = state.epoch
    origin = identity.origin(tenant: state.tenant, epoch: state.epoch)
    self.store = store
    let reader = SessionReader(store: store, origin: origin)
    let fanOut = FanOut()
    self.reader = reader
    self.fanOut = fanOut
    writer = try TenantWriter(
      store: store, identity: identity, environment: environment, marksEverything: marksEverything,
      onCommit: { group in
        fanOut.publish(group, reader: reader)
        onCommit(group)
      }, onRestored: onRestored)
  }
}
