// What a cache in memory holds, and how rows come into it.
import ReviewModel
import Trust

struct MemoryCache: Sendable {
  struct ScopeState: Sendable {
    var cursor: UInt64 = 0
    var digest = ScopeDigest()
  }

  struct Version: Sendable {
    var seq: UInt64
    /// Nil for a departure.
    var payload: [UInt8]?
    var itemHash: Digest?
    var ties: CacheTies
  }

  var scopes: [Scope: ScopeState] = [:]
  var rows: [EntityKey: [Scope: Version]] = [:]
  var baseVersion: UInt64 = 0
  var overlay: [EntityKey: OverlayEntry] = [:]
  var position = OverlayPosition(outboxVersion: 0, baseVersion: 0)
  var index: [SubjectID: SubjectIndexRow] = [:]
  var evidence: [UInt64: EvidenceRow] = [:]
  var settings: [String: String] = [:]

  // MARK: Reading

  func current(_ key: EntityKey) -> HeldVersion<Scope>? {
    (rows[key] ?? [:]).map { HeldVersion(scope: $0.key, seq: $0.value.seq, isDeparture: $0.value.payload == nil) }.current()
  }

  func base(_ key: EntityKey) -> StoredEntity? {
    guard let current = current(key), let payload = rows[key]?[current.scope]?.payload else { return nil }
    return StoredEntity(scope: current.scope, seq: current.seq, payload: payload)
  }

  func view(_ key: EntityKey) -> StoredEntity? {
    guard let entry = overlay[key] else { return base(key) }
    return entry.payload.map { StoredEntity(scope: entry.scope, seq: 0, payload: $0) }
  }

  /// Every key that base or overlay name, of one kind.
  func keys(_ kind: EntityKind) -> Set<EntityKey> {
    Set(rows.keys.filter { $0.kind == kind }).union(overlay.keys.filter { $0.kind == kind })
  }

  // MARK: Writing

  mutating func grant(_ scopes: [Scope]) -> [Scope] {
    let granted = Set(scopes.filter(\.isGrantable))
    let dropped = self.scopes.keys.filter { !granted.contains($0) }.sorted()
    for scope in dropped {
      for key in rows.keys { rows[key]?[scope] = nil }
      overlay = overlay.filter { $0.value.scope != scope }
      self.scopes[scope] = nil
    }
    for scope in granted where self.scopes[scope] == nil { self.scopes[scope] = ScopeState() }
    if !dropped.isEmpty {
      index = index.filter { isHeld($0.key) }
      baseVersion += 1
    }
    return dropped
  }

  private func isHeld(_ subject: SubjectID) -> Bool {
    base(.subject(subject)) != nil || overlay[.subject(subject)]?.payload != nil
  }

  mutating func take(_ rows: [ScopedRow]) -> Set<EntityKey> {
    var changed: Set<EntityKey> = []
    var hasChanged = false
    for row in rows where scopes[row.scope] != nil {
      if let held = self.rows[row.row.key]?[row.scope], held.seq >= row.row.seq { continue }
      if replace(row.row.key, in: row.scope, by: row.row) { changed.insert(row.row.key) }
      hasChanged = true
    }
    if hasChanged { baseVersion += 1 }
    return changed
  }

  mutating func repair(_ scope: Scope, head: UInt64, leaves: Set<UInt8>, rows given: [StoredRow]) -> Set<EntityKey> {
    guard scopes[scope] != nil else { return [] }
    var wanted: [EntityKey: StoredRow] = [:]
    for row in given where leaves.contains(ScopeDigest.leaf(of: row.key)) { wanted[row.key] = row }
    var changed: Set<EntityKey> = []
    for (key, versions) in rows where wanted[key] == nil && leaves.contains(ScopeDigest.leaf(of: key)) {
      guard let held = versions[scope], held.payload != nil, held.seq <= head else { continue }
      if replace(key, in: scope, by: nil) { changed.insert(key) }
    }
    for (key, row) in wanted {
      if let held = rows[key]?[scope], held.seq > head, held.seq >= row.seq { continue }
      if replace(key, in: scope, by: row) { changed.insert(key) }
    }
    addUp(leaves, of: scope)
    baseVersion += 1
    return changed
  }

  /// Puts a row in the place of what the scope holds (nil: nothing at all). Answers whether another version is current.
  private mutating func replace(_ key: EntityKey, in scope: Scope, by row: StoredRow?) -> Bool {
    let leaf = ScopeDigest.leaf(of: key)
    let before = current(key)
    let old = rows[key]?[scope]?.itemHash
    let new = row.flatMap { row in row.payload.map { ScopeDigest.itemHash(key: key, seq: row.seq, payload: $0) } }
    if let old { scopes[scope]?.digest.remove(old, leaf: leaf) }
    if let new { scopes[scope]?.digest.add(new, leaf: leaf) }
    rows[key, default: [:]][scope] = row.map {
      Version(seq: $0.seq, payload: $0.payload, itemHash: new, ties: CacheTies(kind: key.kind, payload: $0.payload))
    }
    let after = current(key)
    return before != after || (old != new && after?.scope == scope)
  }

  /// The sums of these leaves anew.
  private mutating func addUp(_ leaves: Set<UInt8>, of scope: Scope) {
    guard var digest = scopes[scope]?.digest else { return }
    for leaf in leaves { digest.clear(leaf: leaf) }
    for (key, versions) in rows {
      let leaf = ScopeDigest.leaf(of: key)
      guard leaves.contains(leaf), let hash = versions[scope]?.itemHash else { continue }
      digest.add(hash, leaf: leaf)
    }
    scopes[scope]?.digest = digest
  }
}
