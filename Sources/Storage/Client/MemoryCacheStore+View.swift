// A cache in memory: the overlay, the view, and the index of subjects.
import ReviewModel
import Synchronization
import Trust

extension MemoryCacheStore {
  package func view(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    guarded.withLock { cache in
      var found: [EntityKey: StoredEntity] = [:]
      for key in keys { found[key] = cache.view(key) }
      return found
    }
  }

  package func children(_ kind: EntityKind, of parent: [UInt8]) throws(StorageError) -> [EntityKey: StoredEntity] {
    entities(kind) { CacheTies(kind: kind, payload: $0.payload).parent == parent }
  }

  package func all(_ kind: EntityKind) throws(StorageError) -> [EntityKey: StoredEntity] { entities(kind) { _ in true } }

  private func entities(_ kind: EntityKind, where isIncluded: (StoredEntity) -> Bool) -> [EntityKey: StoredEntity] {
    guarded.withLock { cache in
      var found: [EntityKey: StoredEntity] = [:]
      for key in cache.keys(kind) {
        guard let entity = cache.view(key), isIncluded(entity) else { continue }
        found[key] = entity
      }
      return found
    }
  }

  package func overlayPosition() throws(StorageError) -> OverlayPosition { guarded.withLock { $0.position } }

  package func update(_ overlay: OverlayUpdate) throws(StorageError) {
    guarded.withLock { cache in
      if overlay.isWhole { cache.overlay = [:] }
      for (key, entry) in overlay.entries { cache.overlay[key] = entry }
      for (subject, row) in overlay.index { cache.index[subject] = row }
      cache.position = overlay.position
    }
  }

  package func overlayKeys() throws(StorageError) -> Set<EntityKey> { guarded.withLock { Set($0.overlay.keys) } }

  // MARK: The index of subjects

  package func index(_ rows: [SubjectID: SubjectIndexRow?]) throws(StorageError) {
    guarded.withLock { cache in
      for (subject, row) in rows { cache.index[subject] = row }
    }
  }

  package func list(_ filter: SubjectFilter) throws(StorageError) -> [SubjectIndexRow] {
    let rows = guarded.withLock { Array($0.index.values) }.filter(filter.includes)
    let sorted = rows.sorted { ($0.updatedMilliseconds, $0.subject) < ($1.updatedMilliseconds, $1.subject) }
    return Array(sorted.prefix(max(filter.limit, 0)))
  }

  package func subjectCounts() throws(StorageError) -> SubjectCounts {
    guarded.withLock { cache in
      SubjectCounts(all: cache.index.count, waitingForMe: cache.index.values.count { $0.waitsForMe })
    }
  }

  package func search(_ words: [String], limit: Int) throws(StorageError) -> [SubjectIndexRow] {
    let wanted = SearchWords.split(words).map { $0.lowercased() }
    guard !wanted.isEmpty else { return [] }
    let found = guarded.withLock { Array($0.index.values) }.filter { row in
      let held = SearchWords.split([row.title, row.text, row.campaignName, row.platform]).map { $0.lowercased() }
      return wanted.allSatisfy { word in held.contains { $0.hasPrefix(word) } }
    }
    let sorted = found.sorted { left, right in
      left.updatedMilliseconds != right.updatedMilliseconds
        ? left.updatedMilliseconds > right.updatedMilliseconds : left.subject < right.subject
    }
    return Array(sorted.prefix(max(limit, 0)))
  }

  package func subjects(idPrefix: String, limit: Int) throws(StorageError) -> [SubjectID] {
    ids(.subject, byteCount: SubjectID.byteCount, prefix: idPrefix, limit: limit).compactMap(SubjectID.init)
  }

  package func revisions(digestPrefix: String, limit: Int) throws(StorageError) -> [Digest] {
    ids(.revision, byteCount: Digest.byteCount, prefix: digestPrefix, limit: limit).compactMap { Digest($0) }
  }

  private func ids(_ kind: EntityKind, byteCount: Int, prefix: String, limit: Int) -> [[UInt8]] {
    guard let range = PrefixRange(hex: prefix, byteCount: byteCount) else { return [] }
    let found = guarded.withLock { cache in
      cache.keys(kind).filter { range.contains($0.id) && cache.view($0) != nil }
    }
    return found.sorted().prefix(max(limit, 0)).map(\.id)
  }
}

extension SubjectFilter {
  /// Whether a line passes; the limit is not looked at.
  package func includes(_ row: SubjectIndexRow) -> Bool {
    if let campaign, row.campaign != campaign { return false }
    if let platform, row.platform != platform { return false }
    if !states.isEmpty, !states.contains(row.state) { return false }
    return !waitsForMe || row.waitsForMe
  }
}
