// Where a device stands, read from its outbox.
import ReviewModel
import Storage

extension SessionStart {
  package init(
    identity: ClientIdentity, isOnce: Bool, wantsLedger: Bool = false, versions: ClosedRange<UInt32>,
    outbox: any OutboxStore
  ) throws(StorageError) {
    let seen = try outbox.checkpoints().last
    self.init(
      identity: identity, isOnce: isOnce, wantsLedger: wantsLedger, versions: versions,
      checkpoint: seen?.checkpoint ?? SeenCheckpoint(), note: seen.map { Array($0.note.utf8) } ?? [], lanes: try outbox.lanes(),
      offered: [0: try outbox.offered(lane: 0), 1: try outbox.offered(lane: 1)],
      quarantined: [0: try outbox.quarantined(lane: 0), 1: try outbox.quarantined(lane: 1)],
      owedSeq: try outbox.replayable().compactMap(\.answer?.commitSeq).max() ?? 0)
  }
}
