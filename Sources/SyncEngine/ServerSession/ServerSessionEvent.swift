// What can happen to a session on the server: frames from the client, answers to its own orders, news of its tenant.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// The inputs of `ServerSession`.
package enum ServerSessionEvent: Sendable {
  case frameReceived(ClientFrame)
  /// What came is no frame; the code says why.
  case frameRefused(GoodbyeCode, detail: String)

  // MARK: Answers to orders

  /// Nil: no such tenant or no such device; the session does not let it be seen which.
  case identified(SessionIdentity?)
  case opened(SessionOpening)
  case headRead(seq: UInt64)
  case pageRead(PageRequest, StoredPage)
  case checkpointRead(CheckpointReading)
  case headsRead([ScopeHead])
  case verified(ticket: UInt64, Result<[VerifiedEnvelope], EnvelopeFault>)
  case committed(ticket: UInt64, [SubmissionResult])
  case waitingRead([EntityKey])
  case entitiesRead([ScopedEntry], keysRead: Int)
  case proofsRead(ProofPage)
  case leavesCompared(head: UInt64, leaves: [UInt8])
  case leafRead([StoredRow])

  // MARK: News

  /// A commit changed a scope that the session follows.
  case changed(SharedChanges)
  case accessChanged(SessionAccess)
  /// A newer session of the same device has begun.
  case replaced
  /// The send buffer is over its bound.
  case becameChoked
  case becameWritable
  /// Time has passed.
  case ticked
  /// The store failed, or the disk is full: nothing is lost, but this session cannot go on.
  case storeFailed
  /// The tenant's files are an old copy, and nothing is decided until the newest one is back; nothing was consumed.
  case oldCopyRefused
  case shuttingDown(retryAfterMilliseconds: UInt64)
}

/// What the handshake must know of a tenant and a device in it.
package struct SessionIdentity: Sendable, Hashable {
  package var tenant: TenantID
  package var epoch: EpochID
  package var origin: String
  package var device: DeviceEntity
  package var member: MemberEntity

  package init(tenant: TenantID, epoch: EpochID, origin: String, device: DeviceEntity, member: MemberEntity) {
    self.tenant = tenant
    self.epoch = epoch
    self.origin = origin
    self.device = device
    self.member = member
  }
}

/// What a session may read, at one moment.
package struct SessionAccess: Sendable, Hashable {
  package var device: DeviceEntity
  package var member: MemberEntity
  /// Every granted scope with its head.
  package var scopes: [Scope: UInt64]

  package init(device: DeviceEntity, member: MemberEntity, scopes: [Scope: UInt64]) {
    self.device = device
    self.member = member
    self.scopes = scopes
  }
}

/// Where a tenant stands when a session is opened.
package struct SessionOpening: Sendable {
  package var access: SessionAccess
  package var lanes: [LaneState]
  package var checkpoint: CheckpointReading
  package var serverMilliseconds: UInt64

  package init(access: SessionAccess, lanes: [LaneState], checkpoint: CheckpointReading, serverMilliseconds: UInt64) {
    self.access = access
    self.lanes = lanes
    self.checkpoint = checkpoint
    self.serverMilliseconds = serverMilliseconds
  }
}

/// The ledger's head and scopes' digests, read together.
package struct CheckpointReading: Sendable, Hashable {
  package var seq: UInt64
  package var size: UInt64
  package var root: Digest
  /// From the size that was asked for to `size`.
  package var consistency: [Digest]
  /// The newest number and the digest of each scope asked for.
  package var digests: [ScopeDigestHead]
  package var durableThrough: UInt64
  package var hasBackup: Bool

  package init(
    seq: UInt64, size: UInt64, root: Digest, consistency: [Digest], digests: [ScopeDigestHead], durableThrough: UInt64,
    hasBackup: Bool
  ) {
    self.seq = seq
    self.size = size
    self.root = root
    self.consistency = consistency
    self.digests = digests
    self.durableThrough = durableThrough
    self.hasBackup = hasBackup
  }
}

/// One frame's worth of an answer to a request for proofs.
package struct ProofPage: Sendable, Hashable {
  package var entries: [ProvedEntry]
  package var refused: [UInt64]
  /// Where to go on; nil at the end.
  package var next: Int?

  package init(entries: [ProvedEntry], refused: [UInt64], next: Int?) {
    self.entries = entries
    self.refused = refused
    self.next = next
  }
}
