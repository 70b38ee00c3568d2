// Reads the view as it will be once an overlay is stored: the new entries first, then what the cache holds.
import ReviewModel
import Storage
import Trust

struct ViewReader {
  let cache: any CacheStore
  let overlay: [EntityKey: OverlayEntry]
  /// Whether the overlay replaces the stored one, or is added to it.
  let isWhole: Bool

  func read(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: Entity] {
    let stored = keys.filter { overlay[$0] == nil }
    let held = try isWhole ? cache.base(stored) : cache.view(stored)
    var entities: [EntityKey: Entity] = [:]
    for (key, value) in held { entities[key] = Replay.namedEntity(key, value) }
    for key in keys {
      guard let entry = overlay[key], let payload = entry.payload else { continue }
      entities[key] = Replay.namedEntity(key, StoredEntity(scope: entry.scope, seq: 0, payload: payload))
    }
    return entities
  }

  func member(_ id: MemberID) throws(StorageError) -> MemberEntity? {
    guard case .member(let value) = try read([.member(id)])[.member(id)]?.value else { return nil }
    return value
  }

  /// Subjects of which pending changes are a part.
  func pendingSubjects() throws(StorageError) -> Set<SubjectID> {
    var keys = Set(overlay.keys)
    if !isWhole { keys.formUnion(try cache.overlayKeys()) }
    var subjects: Set<SubjectID> = []
    for key in keys where key.kind == .subject || key.kind == .draft {
      if let id = SubjectID(key.id) { subjects.insert(id) }
    }
    // A revision may come without its subject: one whose changes were there already.
    let talk = keys.filter { [.comment, .thread, .decision, .revision].contains($0.kind) }
    for (_, entity) in try read(Array(talk)) { if let id = Self.subject(of: entity.value) { subjects.insert(id) } }
    return subjects
  }

  /// The subjects whose row, or whose details, may look different because these changed.
  func subjects(affectedBy keys: Set<EntityKey>, member: MemberID) throws(StorageError) -> Set<SubjectID> {
    var affected: Set<SubjectID> = []
    var opened: [EntityKey] = []
    for key in keys {
      switch key.kind {
      case .subject, .draft: if let id = SubjectID(key.id) { affected.insert(id) }
      case .revision, .decision, .thread, .comment, .item: opened.append(key)
      case .campaign: affected.formUnion(try subjects(ofCampaign: key.id))
      case .member where key.id == member.bytes:
        affected.formUnion(try cache.all(.subject).keys.compactMap { SubjectID($0.id) })
      default: continue
      }
    }
    // A pending remark that is gone from the new overlay was in the stored one.
    let gone = try cache.view(opened)
    for (key, stored) in gone { note(Replay.entity(key, stored), in: &affected) }
    for (_, entity) in try read(opened) { note(entity, in: &affected) }
    return affected
  }

  private func subjects(ofCampaign campaign: [UInt8]) throws(StorageError) -> Set<SubjectID> {
    Set(try cache.children(.subject, of: campaign).keys.compactMap { SubjectID($0.id) })
  }

  private func note(_ entity: Entity?, in subjects: inout Set<SubjectID>) {
    guard let entity else { return }
    if case .item(let item) = entity.value { subjects.formUnion(item.posts) }
    if let id = Self.subject(of: entity.value) { subjects.insert(id) }
  }

  private static func subject(of value: EntityValue) -> SubjectID? {
    switch value {
    case .revision(let revision): revision.subject
    case .decision(let decision): decision.subject
    case .thread(let thread): thread.subject
    case .comment(let comment): comment.subject
    default: nil
    }
  }
}

extension Replay {
  /// As `entity`, and nil also for what says that it is another entity than the one it is kept as.
  package static func namedEntity(_ key: EntityKey, _ stored: StoredEntity) -> Entity? {
    guard let entity = entity(key, stored), entity.key == key else { return nil }
    return entity
  }
}
