// The scopes behind the numbers in rows, each read and parsed once in a transaction.
import GRDB
import ReviewModel
import Storage

struct CacheScopeNames {
  private let database: Database
  private var known: [Int64: Scope] = [:]

  init(_ database: Database) { self.database = database }

  /// - Throws: `damaged` if no scope has the number.
  mutating func scope(_ id: Int64) throws -> Scope {
    if let scope = known[id] { return scope }
    let name = try database.clientRow("SELECT name FROM scope WHERE id = ?", [id]) { $0.text(0) }
    let scope = try SQLiteCacheStore.scope(name ?? "")
    known[id] = scope
    return scope
  }
}
