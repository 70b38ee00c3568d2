// A cache in memory, for tests and the simulator: the semantics of the protocol as plain data.
import ReviewModel
import Synchronization
import Trust

package final class MemoryCacheStore: CacheStore {
  let guarded: Mutex<MemoryCache>

  package convenience init() { self.init(MemoryCache()) }

  private init(_ contents: MemoryCache) { guarded = Mutex(contents) }

  /// Another store with the same contents: a device's copied disk, or what was synced before a crash.
  package func copy() -> MemoryCacheStore { MemoryCacheStore(guarded.withLock { $0 }) }

  package func close() throws(StorageError) {}

  // MARK: Base

  package func scopes() throws(StorageError) -> [CachedScope] {
    guarded.withLock { cache in
      cache.scopes.map { CachedScope(scope: $0.key, cursor: $0.value.cursor) }.sorted { $0.scope < $1.scope }
    }
  }

  package func grant(_ scopes: [Scope]) throws(StorageError) -> [Scope] { guarded.withLock { $0.grant(scopes) } }

  package func apply(_ page: CachedPage) throws(StorageError) -> Set<EntityKey>? {
    guarded.withLock { cache in
      guard page.from <= page.to, cache.scopes[page.scope]?.cursor == page.from else { return nil }
      let changed = cache.take(page.rows.map { ScopedRow(scope: page.scope, row: $0) })
      cache.scopes[page.scope]?.cursor = page.to
      return changed
    }
  }

  package func apply(fetched rows: [ScopedRow]) throws(StorageError) -> Set<EntityKey> {
    guarded.withLock { $0.take(rows) }
  }

  package func digest(_ scope: Scope) throws(StorageError) -> ScopeDigest {
    guarded.withLock { $0.scopes[scope]?.digest ?? ScopeDigest() }
  }

  package func repair(
    _ scope: Scope, head: UInt64, leaves: Set<UInt8>, rows: [StoredRow]
  ) throws(StorageError) -> Set<EntityKey> {
    guarded.withLock { $0.repair(scope, head: head, leaves: leaves, rows: rows) }
  }

  package func base(_ keys: [EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity] {
    guarded.withLock { cache in
      var found: [EntityKey: StoredEntity] = [:]
      for key in keys { found[key] = cache.base(key) }
      return found
    }
  }

  package func allRows(_ body: (Scope, StoredRow) throws -> Void) throws(StorageError) {
    let rows = guarded.withLock { cache in
      cache.rows.flatMap { key, versions in
        versions.compactMap { scope, version in
          version.payload.map { ScopedRow(scope: scope, row: StoredRow(key: key, seq: version.seq, payload: $0)) }
        }
      }
    }
    for row in rows.sorted(by: { ($0.scope, $0.row.key) < ($1.scope, $1.row.key) }) {
      do { try body(row.scope, row.row) } catch { throw Self.bodyError(error) }
    }
  }

  package func baseVersion() throws(StorageError) -> UInt64 { guarded.withLock { $0.baseVersion } }

  // MARK: Evidence and settings

  package func append(evidence: [EvidenceRow]) throws(StorageError) {
    guarded.withLock { cache in
      for row in evidence { cache.evidence[row.index] = row }
    }
  }

  package func evidence(_ indexes: [UInt64]) throws(StorageError) -> [UInt64: EvidenceRow] {
    let asked = Set(indexes)
    return guarded.withLock { cache in cache.evidence.filter { asked.contains($0.key) } }
  }

  package func allEvidence(_ body: (EvidenceRow) throws -> Void) throws(StorageError) {
    for row in guarded.withLock({ $0.evidence.values.sorted { $0.index < $1.index } }) {
      do { try body(row) } catch { throw Self.bodyError(error) }
    }
  }

  package func missingEvidence(limit: Int) throws(StorageError) -> [UInt64] {
    guarded.withLock { cache in
      let named = Set(cache.rows.values.flatMap { $0.values.compactMap(\.ties.ledgerIndex) })
      return Array(named.filter { cache.evidence[$0] == nil }.sorted().prefix(max(limit, 0)))
    }
  }

  package func setting(_ name: String) throws(StorageError) -> String? { guarded.withLock { $0.settings[name] } }

  package func set(_ name: String, to value: String?) throws(StorageError) {
    guarded.withLock { $0.settings[name] = value }
  }

  private static func bodyError(_ error: any Error) -> StorageError {
    (error as? StorageError) ?? StorageError(.inputOutput, "The cache could not be read or written: \(error).")
  }
}
