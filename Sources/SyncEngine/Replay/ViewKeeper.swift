// Keeps the view true: base plus pending changes, with the index that lists are made from. Several processes may do so at
// once; `OverlayPosition` says which outbox and base a stored overlay belongs to.
import ReviewModel
import Storage
import Trust

/// The overlay's keeper over one device's two stores.
package struct ViewKeeper: Sendable {
  static let chunk = 500

  package let cache: any CacheStore
  package let outbox: any OutboxStore
  package let actor: ReplayActor

  package init(cache: any CacheStore, outbox: any OutboxStore, actor: ReplayActor) {
    self.cache = cache
    self.outbox = outbox
    self.actor = actor
  }

  /// Where the overlay would have to be computed from now.
  package func currentPosition() throws(StorageError) -> OverlayPosition {
    OverlayPosition(outboxVersion: try outbox.version(), baseVersion: try cache.baseVersion())
  }

  package func isCurrent() throws(StorageError) -> Bool { try cache.overlayPosition() == currentPosition() }

  /// Replays everything that is pending on the base and replaces the overlay.
  ///
  /// - Parameter changed: keys of the base that changed since the last refresh; nil or empty if that is not known. If the
  ///   base has moved all the same, every subject is looked at.
  /// - Returns: the subjects whose view may have changed.
  @discardableResult
  package func refresh(changed: Set<EntityKey>?) throws(StorageError) -> Set<SubjectID> {
    let position = try currentPosition()
    let before = try cache.overlayKeys()
    var replay = Replay(actor: actor)
    for row in try outbox.replayable() where !Self.isWithoutEffect(row) {
      _ = try replay.play(row.mutation) { keys throws(StorageError) in try cache.base(keys) }
    }
    let overlay = replay.takeOverlay()
    let isBaseKnown = try cache.overlayPosition().baseVersion == position.baseVersion
    let isEverything = !isBaseKnown && (changed ?? []).isEmpty
    let keys = before.union(overlay.keys).union(changed ?? [])
    let reader = ViewReader(cache: cache, overlay: overlay, isWhole: true)
    let affected = try isEverything ? allSubjects(overlay) : reader.subjects(affectedBy: keys, member: actor.member)
    let index = try indexRows(affected, pending: try reader.pendingSubjects(), reader: reader)
    try cache.update(OverlayUpdate(entries: overlay.mapValues { $0 }, isWhole: true, position: position, index: index))
    return affected
  }

  /// Brings the overlay up to date if it is not. Answers the subjects whose view may have changed.
  package func refreshIfStale() throws(StorageError) -> Set<SubjectID> {
    try isCurrent() ? [] : refresh(changed: nil)
  }

  /// Queues mutations that were played on the view, and makes the view show them.
  ///
  /// - Parameters:
  ///   - replay: with the mutations played on it.
  ///   - before: where the overlay had to be current before they were played.
  /// - Returns: the subjects whose view may have changed.
  package func append(
    _ queued: [QueuedMutation], replay: inout Replay, before: OverlayPosition
  ) throws(StorageError) -> Set<SubjectID> {
    let wasCurrent = try cache.overlayPosition() == before
    _ = try outbox.append(queued)
    let after = try currentPosition()
    guard wasCurrent, after.baseVersion == before.baseVersion, after.outboxVersion == before.outboxVersion + 1 else {
      return try refresh(changed: nil)
    }
    return try append(replay.takeOverlay(), position: after)
  }

  /// Adds what new mutations make of the view, without replaying the rest.
  ///
  /// - Parameters:
  ///   - entries: what the mutations wrote, played on the view.
  ///   - position: where the overlay is current once they are in it.
  func append(
    _ entries: [EntityKey: OverlayEntry], position: OverlayPosition
  ) throws(StorageError) -> Set<SubjectID> {
    let reader = ViewReader(cache: cache, overlay: entries, isWhole: false)
    let affected = try reader.subjects(affectedBy: Set(entries.keys), member: actor.member)
    // What these entries are about is pending; only wider effects need a look at everything that is.
    let isWide = entries.keys.contains { [.campaign, .item, .member].contains($0.kind) }
    let pending = try isWide ? reader.pendingSubjects() : affected
    let index = try indexRows(affected, pending: pending, reader: reader)
    try cache.update(OverlayUpdate(entries: entries.mapValues { $0 }, isWhole: false, position: position, index: index))
    return affected
  }

  /// Does something to the outbox that changes nothing of what is pending, and keeps the overlay current if it was.
  package func keepingCurrent<Answer>(_ body: () throws(StorageError) -> Answer) throws(StorageError) -> Answer {
    let before = try currentPosition()
    let wasCurrent = try cache.overlayPosition() == before
    let answer = try body()
    var after = try currentPosition()
    guard wasCurrent, after != before, after.outboxVersion == before.outboxVersion + 1 else { return answer }
    after.baseVersion = before.baseVersion
    try cache.update(OverlayUpdate(entries: [:], isWhole: false, position: after, index: [:]))
    return answer
  }

  // MARK: The index

  private func allSubjects(_ overlay: [EntityKey: OverlayEntry]) throws(StorageError) -> Set<SubjectID> {
    let held = try cache.all(.subject).keys
    var subjects = Set(held.compactMap { SubjectID($0.id) })
    for key in overlay.keys where key.kind == .subject { if let id = SubjectID(key.id) { subjects.insert(id) } }
    // What only the index still knows must go from it.
    for row in try cache.list(SubjectFilter()) { subjects.insert(row.subject) }
    return subjects
  }

  private func indexRows(
    _ subjects: Set<SubjectID>, pending: Set<SubjectID>, reader: ViewReader
  ) throws(StorageError) -> [SubjectID: SubjectIndexRow?] {
    guard !subjects.isEmpty else { return [:] }
    var rows: [SubjectID: SubjectIndexRow?] = [:]
    var campaigns: [CampaignID: CampaignEntity] = [:]
    let member = try reader.member(actor.member)
    let ordered = subjects.sorted()
    for start in stride(from: 0, to: ordered.count, by: Self.chunk) {
      let chunk = Array(ordered[start..<min(start + Self.chunk, ordered.count)])
      let values = try reader.read(chunk.map { .subject($0) })
      let found = chunk.compactMap { id -> SubjectEntity? in
        if case .subject(let value) = values[.subject(id)]?.value { value } else { nil }
      }
      let rest = try reader.read(
        found.flatMap { subject in
          [subject.heads.first.map { .revision($0) }, subject.item.map { .item($0) }].compactMap { $0 }
        } + Set(found.map(\.campaign)).filter { campaigns[$0] == nil }.map { .campaign($0) })
      for case .campaign(let value) in rest.values.map(\.value) { campaigns[value.id] = value }
      for id in chunk { rows.updateValue(nil, forKey: id) }
      for subject in found {
        let source = SubjectIndexing.Source(
          subject: subject, revision: rest.revision(subject.heads.first), item: rest.item(subject.item),
          campaign: campaigns[subject.campaign], member: member, isPending: pending.contains(subject.id))
        rows.updateValue(SubjectIndexing.row(source), forKey: subject.id)
      }
    }
    return rows
  }

  /// Answered, and nothing of it was applied: the base will never show it.
  private static func isWithoutEffect(_ row: OutboxRow) -> Bool {
    guard let answer = row.answer else { return false }
    do {
      let status = try LeafRecord(tolerating: answer.leafRecord).outcome.status
      return status == .rejected || status == .parked
    } catch {
      return false
    }
  }
}

extension [EntityKey: Entity] {
  fileprivate func revision(_ digest: Digest?) -> RevisionEntity? {
    guard let digest, case .revision(let value) = self[.revision(digest)]?.value else { return nil }
    return value
  }

  fileprivate func item(_ id: ItemID?) -> ItemEntity? {
    guard let id, case .item(let value) = self[.item(id)]?.value else { return nil }
    return value
  }
}
