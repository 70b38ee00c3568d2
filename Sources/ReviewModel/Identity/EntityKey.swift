// How any entity is named, whatever it is: its kind and the bytes of its id.
import Trust

/// What an entity is. The numbers are part of the protocol and never change meaning.
package enum EntityKind: UInt32, CanonicalEnumeration, CaseIterable, Comparable {
  case tenant = 1
  case member = 2
  case device = 3
  case invitation = 4
  case campaign = 5
  case item = 6
  case subject = 7
  case revision = 8
  case draft = 9
  case decision = 10
  case thread = 11
  case comment = 12
  case batch = 13
  case stage = 14
  case pause = 15

  package static func < (left: EntityKind, right: EntityKind) -> Bool { left.rawValue < right.rawValue }
}

/// The name of one entity inside a tenant. Ids have 16 bytes; those of revisions and devices are digests of 32,
/// those of stages 18 (batch and index).
package struct EntityKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let kind: EntityKind
  package let id: [UInt8]

  package init(kind: EntityKind, id: [UInt8]) {
    self.kind = kind
    self.id = id
  }

  /// The bytes at once: keys are looked up more often than anything else.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    id.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  package static func tenant(_ id: TenantID) -> EntityKey { EntityKey(kind: .tenant, id: id.bytes) }
  package static func member(_ id: MemberID) -> EntityKey { EntityKey(kind: .member, id: id.bytes) }
  package static func device(_ id: Digest) -> EntityKey { EntityKey(kind: .device, id: id.bytes) }
  package static func invitation(_ key: PublicKey) -> EntityKey { EntityKey(kind: .invitation, id: key.bytes) }
  package static func campaign(_ id: CampaignID) -> EntityKey { EntityKey(kind: .campaign, id: id.bytes) }
  package static func item(_ id: ItemID) -> EntityKey { EntityKey(kind: .item, id: id.bytes) }
  package static func subject(_ id: SubjectID) -> EntityKey { EntityKey(kind: .subject, id: id.bytes) }
  package static func revision(_ digest: Digest) -> EntityKey { EntityKey(kind: .revision, id: digest.bytes) }
  package static func draft(_ subject: SubjectID) -> EntityKey { EntityKey(kind: .draft, id: subject.bytes) }
  package static func decision(_ id: DecisionID) -> EntityKey { EntityKey(kind: .decision, id: id.bytes) }
  package static func thread(_ id: ThreadID) -> EntityKey { EntityKey(kind: .thread, id: id.bytes) }
  package static func comment(_ id: CommentID) -> EntityKey { EntityKey(kind: .comment, id: id.bytes) }
  package static func batch(_ id: BatchID) -> EntityKey { EntityKey(kind: .batch, id: id.bytes) }
  package static func pause(_ id: PauseID) -> EntityKey { EntityKey(kind: .pause, id: id.bytes) }
  package static func stage(_ batch: BatchID, index: UInt16) -> EntityKey {
    EntityKey(kind: .stage, id: batch.bytes + [UInt8(index >> 8), UInt8(index & 0xFF)])
  }

  package var description: String { "\(kind)/\(Hex.encode(id))" }

  package static func < (left: EntityKey, right: EntityKey) -> Bool {
    left.kind != right.kind ? left.kind < right.kind : left.id.lexicographicallyPrecedes(right.id)
  }
}
