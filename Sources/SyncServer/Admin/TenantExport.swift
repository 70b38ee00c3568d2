// The state of a tenant as lines that can be compared with what a device exports.
import ReviewModel
import Storage
import SyncEngine

package enum TenantExport {
  package static let fileName = StateExport.fileName

  /// The file's whole content.
  package static func text(of store: any TenantStore, scopes: [Scope]) throws(StorageError) -> String {
    StateExport.text(try rows(of: store, scopes: scopes))
  }

  /// Every current row of the scopes.
  package static func rows(of store: any TenantStore, scopes: [Scope]) throws(StorageError) -> [StateExport.Row] {
    let through = try store.state().seq
    var rows: [StateExport.Row] = []
    for scope in scopes {
      var after: UInt64 = 0
      while after < through {
        let page = try store.page(
          PageRequest(
            scope: scope, after: after, through: through, byteLimit: 1 << 20, rowLimit: 1_000, includesDepartures: false))
        rows += page.rows.compactMap { row in
          row.payload.map { StateExport.Row(scope: scope, key: row.key, seq: row.seq, payload: $0) }
        }
        guard page.remaining > 0, let last = page.rows.last?.seq else { break }
        after = last
      }
    }
    return rows
  }

  /// Every scope that a tenant has, those on the server only included.
  package static func allScopes(of store: any TenantStore) throws(StorageError) -> [Scope] {
    var scopes: Set<Scope> = [.tenant]
    for stored in try store.campaigns() {
      guard case .campaign(let id) = stored.scope else { continue }
      scopes.formUnion([.campaign(id), .campaignInternal(id)])
    }
    for row in try store.entities(.member, in: .tenant, limit: .max) {
      guard let id = MemberID(row.key.id) else { continue }
      scopes.formUnion([.member(id), .staging(id)])
    }
    return scopes.sorted()
  }

  /// The scopes that a member's devices are granted; nil if there is no such member.
  package static func scopes(of member: MemberID, in store: any TenantStore) throws(StorageError) -> [Scope]? {
    guard let stored = try store.load([.member(member)])[.member(member)] else { return nil }
    do {
      return SessionReader.granted(to: try MemberEntity(tolerating: stored.payload), campaigns: try store.campaigns()).sorted()
    } catch let error as StorageError {
      throw error
    } catch {
      throw StorageError(
        .damaged, "The member cannot be read; leave the directory as it is, and report what countersignd verify says.")
    }
  }
}
