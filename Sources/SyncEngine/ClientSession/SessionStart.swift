// What a session is begun with: who this device is, and where it stands.
import ReviewModel
import Storage
import Trust

/// Whose session it is, and with whom.
package struct ClientIdentity: Sendable {
  package var tenant: TenantID
  package var key: SigningKey
  /// The pinned key of the server.
  package var serverKey: PublicKey
  /// Name and version of the program.
  package var agent: String

  package init(tenant: TenantID, key: SigningKey, serverKey: PublicKey, agent: String) {
    self.tenant = tenant
    self.key = key
    self.serverKey = serverKey
    self.agent = agent
  }

  package var device: Digest { key.publicKey.fingerprint }
}

/// Where the device stands when a session begins.
package struct SessionStart: Sendable {
  package var identity: ClientIdentity
  /// Whether the session ends by itself when everything is sent, received and proved.
  package var isOnce: Bool
  /// Whether the whole ledger is fetched before the end, for a full audit.
  package var wantsLedger: Bool
  package var versions: ClosedRange<UInt32>
  /// The last checkpoint that was verified.
  package var checkpoint: SeenCheckpoint
  /// The signed note that the checkpoint was read from; empty if there is none.
  package var note: [UInt8]
  /// The last number and hash that was given in each lane.
  package var lanes: [UInt32: LanePosition]
  /// Offered and not answered, ascending.
  package var offered: [UInt32: [OutboxRow]]
  /// Numbers whose rows were put aside.
  package var quarantined: [UInt32: Set<UInt64>]
  /// The newest commit that an answer names whose row is still replayed: earlier sessions ended before the base had it.
  package var owedSeq: UInt64

  package init(
    identity: ClientIdentity, isOnce: Bool, wantsLedger: Bool = false, versions: ClosedRange<UInt32>,
    checkpoint: SeenCheckpoint, note: [UInt8] = [],
    lanes: [UInt32: LanePosition], offered: [UInt32: [OutboxRow]],
    quarantined: [UInt32: Set<UInt64>] = [:], owedSeq: UInt64 = 0
  ) {
    self.identity = identity
    self.isOnce = isOnce
    self.wantsLedger = wantsLedger
    self.versions = versions
    self.checkpoint = checkpoint
    self.note = note
    self.lanes = lanes
    self.offered = offered
    self.quarantined = quarantined
    self.owedSeq = owedSeq
  }
}

/// How far a session has come, for people.
package struct SessionProgress: Sendable, Hashable {
  package var isOpen = false
  package var isCaughtUp = false
  package var rowsReceived: UInt64 = 0
  package var rowsRemaining: UInt64 = 0
  package var answered: UInt64 = 0
  package var refused = 0
  package var parked = 0
  package var unanswered: UInt64 = 0
  /// Scopes whose digest differed and was mended.
  package var repairs = 0
  package var isProving = false
  /// The server does not give the whole ledger to this member.
  package var isLedgerRefused = false

  package init() {}
}
