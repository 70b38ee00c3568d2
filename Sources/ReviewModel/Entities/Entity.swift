// One thing that a tenant holds: what devices sync, version by version. Payloads hold facts; states are derived.

/// The facts of an entity, by kind.
package enum EntityValue: Sendable, Hashable {
  case tenant(TenantEntity)
  case member(MemberEntity)
  case device(DeviceEntity)
  case invitation(InvitationEntity)
  case campaign(CampaignEntity)
  case item(ItemEntity)
  case subject(SubjectEntity)
  case revision(RevisionEntity)
  case draft(DraftEntity)
  case decision(DecisionEntity)
  case thread(ThreadEntity)
  case comment(CommentEntity)
  case batch(BatchEntity)
  case stage(StageEntity)
  case pause(PauseEntity)

  /// The canonical bytes that are stored, synced and digested.
  package var payload: [UInt8] {
    switch self {
    case .tenant(let value): value.encoded()
    case .member(let value): value.encoded()
    case .device(let value): value.encoded()
    case .invitation(let value): value.encoded()
    case .campaign(let value): value.encoded()
    case .item(let value): value.encoded()
    case .subject(let value): value.encoded()
    case .revision(let value): value.encoded()
    case .draft(let value): value.encoded()
    case .decision(let value): value.encoded()
    case .thread(let value): value.encoded()
    case .comment(let value): value.encoded()
    case .batch(let value): value.encoded()
    case .stage(let value): value.encoded()
    case .pause(let value): value.encoded()
    }
  }

  /// Reads a payload, tolerating fields of newer versions.
  package init(kind: EntityKind, payload: [UInt8]) throws(CanonicalError) {
    switch kind {
    case .tenant: self = .tenant(try TenantEntity(tolerating: payload))
    case .member: self = .member(try MemberEntity(tolerating: payload))
    case .device: self = .device(try DeviceEntity(tolerating: payload))
    case .invitation: self = .invitation(try InvitationEntity(tolerating: payload))
    case .campaign: self = .campaign(try CampaignEntity(tolerating: payload))
    case .item: self = .item(try ItemEntity(tolerating: payload))
    case .subject: self = .subject(try SubjectEntity(tolerating: payload))
    case .revision: self = .revision(try RevisionEntity(tolerating: payload))
    case .draft: self = .draft(try DraftEntity(tolerating: payload))
    case .decision: self = .decision(try DecisionEntity(tolerating: payload))
    case .thread: self = .thread(try ThreadEntity(tolerating: payload))
    case .comment: self = .comment(try CommentEntity(tolerating: payload))
    case .batch: self = .batch(try BatchEntity(tolerating: payload))
    case .stage: self = .stage(try StageEntity(tolerating: payload))
    case .pause: self = .pause(try PauseEntity(tolerating: payload))
    }
  }

  /// The name under which this value is kept.
  package var key: EntityKey {
    switch self {
    case .tenant(let value): .tenant(value.id)
    case .member(let value): .member(value.id)
    case .device(let value): .device(value.id)
    case .invitation(let value): .invitation(value.key)
    case .campaign(let value): .campaign(value.id)
    case .item(let value): .item(value.id)
    case .subject(let value): .subject(value.id)
    case .revision(let value): .revision(value.digest)
    case .draft(let value): .draft(value.subject)
    case .decision(let value): .decision(value.id)
    case .thread(let value): .thread(value.id)
    case .comment(let value): .comment(value.id)
    case .batch(let value): .batch(value.id)
    case .stage(let value): .stage(value.batch, index: UInt16(truncatingIfNeeded: value.index))
    case .pause(let value): .pause(value.id)
    }
  }
}

/// An entity with the scope that it is in.
package struct Entity: Sendable, Hashable {
  package var scope: Scope
  package var value: EntityValue

  package init(scope: Scope, value: EntityValue) {
    self.scope = scope
    self.value = value
  }

  package var key: EntityKey { value.key }
}
