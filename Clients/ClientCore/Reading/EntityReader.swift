// Typed reading of the view: what the cache holds with what is pending on top. Texts are read through `reading`, which compares
// them with the digests that people sign.
import ReviewModel
import Storage
import SyncEngine
import Trust

/// Reads entities of one cache by their types. What cannot be read by this version, or says that it is another entity than its
/// row does, is as if it were not there.
struct EntityReader {
  let cache: any CacheStore

  func entity(_ key: EntityKey) throws -> Entity? { try entities([key])[key] }

  func entities(_ keys: [EntityKey]) throws -> [EntityKey: Entity] {
    var found: [EntityKey: Entity] = [:]
    for (key, stored) in try cache.view(keys) { found[key] = Replay.namedEntity(key, stored) }
    return found
  }

  func children(_ kind: EntityKind, of parent: [UInt8]) throws -> [EntityValue] {
    try cache.children(kind, of: parent).sorted { $0.key < $1.key }.compactMap { Replay.namedEntity($0.key, $0.value)?.value }
  }

  func all(_ kind: EntityKind) throws -> [EntityValue] {
    try cache.all(kind).sorted { $0.key < $1.key }.compactMap { Replay.namedEntity($0.key, $0.value)?.value }
  }

  func subject(_ id: SubjectID) throws -> SubjectEntity? {
    guard case .subject(let value) = try entity(.subject(id))?.value else { return nil }
    return value
  }

  /// The row alone: what it says of its text is not compared with the digest. Whoever shows or signs the text uses `reading`.
  func revision(_ digest: Digest) throws -> RevisionEntity? {
    guard case .revision(let value) = try entity(.revision(digest))?.value else { return nil }
    return value
  }

  /// What the text under this digest is, as one of the subject's.
  func reading(_ digest: Digest, of subject: SubjectEntity) throws -> RevisionReading {
    let key = EntityKey.revision(digest)
    guard let stored = try cache.view([key])[key] else { return .notHeld }
    // A row that cannot be read, or names itself otherwise, is there: it is not what it should be.
    guard case .revision(let revision) = Replay.namedEntity(key, stored)?.value else { return .damaged }
    return RevisionReading(revision, named: digest, of: subject)
  }

  func draft(_ id: SubjectID) throws -> DraftEntity? {
    guard case .draft(let value) = try entity(.draft(id))?.value else { return nil }
    return value
  }

  func item(_ id: ItemID) throws -> ItemEntity? {
    guard case .item(let value) = try entity(.item(id))?.value else { return nil }
    return value
  }

  func member(_ id: MemberID) throws -> MemberEntity? {
    guard case .member(let value) = try entity(.member(id))?.value else { return nil }
    return value
  }

  func tenant(_ id: TenantID) throws -> TenantEntity? {
    guard case .tenant(let value) = try entity(.tenant(id))?.value else { return nil }
    return value
  }

  func decisions(on subject: SubjectID) throws -> [DecisionEntity] {
    try children(.decision, of: subject.bytes).compactMap { if case .decision(let value) = $0 { value } else { nil } }
      .sorted { ($0.atMilliseconds, $0.clock, $0.id) < ($1.atMilliseconds, $1.clock, $1.id) }
  }

  func revisions(of subject: SubjectID) throws -> [RevisionEntity] {
    try children(.revision, of: subject.bytes).compactMap { if case .revision(let value) = $0 { value } else { nil } }
      .sorted { ($0.atMilliseconds, $0.digest) < ($1.atMilliseconds, $1.digest) }
  }

  func comments(on subject: SubjectID) throws -> [CommentEntity] {
    try children(.comment, of: subject.bytes).compactMap { if case .comment(let value) = $0 { value } else { nil } }
      .sorted { ($0.atMilliseconds, $0.id) < ($1.atMilliseconds, $1.id) }
  }

  func threads(on subject: SubjectID) throws -> [ThreadID: ThreadEntity] {
    var threads: [ThreadID: ThreadEntity] = [:]
    for case .thread(let value) in try children(.thread, of: subject.bytes) { threads[value.id] = value }
    return threads
  }

  func members() throws -> [MemberEntity] {
    try all(.member).compactMap { if case .member(let value) = $0 { value } else { nil } }
  }

  func devices() throws -> [DeviceEntity] {
    try all(.device).compactMap { if case .device(let value) = $0 { value } else { nil } }
  }

  func campaigns() throws -> [CampaignEntity] {
    try all(.campaign).compactMap { if case .campaign(let value) = $0 { value } else { nil } }
  }

  /// The names of these members; an id's beginning for one that is not held, or has none any more.
  func names(_ ids: [MemberID]) throws -> [MemberID: String] {
    let found = try entities(ids.map { .member($0) })
    var names: [MemberID: String] = [:]
    for id in ids {
      if case .member(let member) = found[.member(id)]?.value {
        names[id] = member.shownName
      } else {
        names[id] = String(id.hex.prefix(8))
      }
    }
    return names
  }
}
