// The root that the server would sign now.
import Storage
import SyncEngine
import Trust

enum SessionRoot {
  static func root(of store: FaultyTenantStore, origin: String) throws -> Digest {
    try SessionReader(store: store, origin: origin).checkpoint(scopes: [], since: 0).root
  }
}
