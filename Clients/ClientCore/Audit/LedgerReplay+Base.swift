// Whether a device is shown what the ledger makes of everything: the rows that it holds, beside those of the replayed store.
import ReviewModel
import Storage
import SyncEngine
import Trust

/// How a row that a device holds differs from what the ledger makes of it.
enum BaseDifference: Sendable, Hashable {
  case differs
  /// The ledger makes one, and the device holds none.
  case missing
  /// The device holds one, and the ledger makes none.
  case unfounded
}

/// One row's place.
struct BasePlace: Sendable, Hashable, Comparable {
  var scope: Scope
  var key: EntityKey

  static func < (left: BasePlace, right: BasePlace) -> Bool { (left.scope, left.key) < (right.scope, right.key) }
}

extension LedgerReplay {
  /// What differs, in every scope that the device holds and in those that the ledger grants its member.
  ///
  /// The numbers of rows do not tell which of them the ledger covers: the server numbers what a whole group of entries did,
  /// the replay what each did. So a row that was changed while the ledger was fetched differs, too, and only what differs every
  /// time means something (see `Profile.auditFull`).
  func differences(in cache: any CacheStore, of member: MemberID) throws(StorageError) -> [BasePlace: BaseDifference] {
    // What was decided after that is not known here.
    guard !isStuck else { return [:] }
    var held: [Scope: [EntityKey: [UInt8]]] = [:]
    for scope in try granted(to: member) { held[scope] = [:] }
    for known in try cache.scopes() { held[known.scope] = [:] }
    try cache.allRows { scope, row in if let payload = row.payload { held[scope, default: [:]][row.key] = payload } }
    var differences: [BasePlace: BaseDifference] = [:]
    for (scope, rows) in held {
      let expected = try rowsMade(in: scope)
      for key in Set(rows.keys).union(expected.keys) {
        let (own, made) = (rows[key], expected[key])
        guard !replayer.agrees(key, held: own, expected: made) else { continue }
        differences[BasePlace(scope: scope, key: key)] = own == nil ? .missing : made == nil ? .unfounded : .differs
      }
    }
    return differences
  }

  /// The sentence for one that remains.
  static func sentence(_ place: BasePlace, _ difference: BaseDifference) -> String {
    switch difference {
    case .differs: "What this device was given as \(place.key) is not what the ledger makes of it."
    case .missing: "The ledger makes \(place.key), and this device was not given it."
    case .unfounded: "This device was given \(place.key), and the ledger makes no such thing there."
    }
  }

  private func granted(to member: MemberID) throws(StorageError) -> Set<Scope> {
    let key = EntityKey.member(member)
    guard let stored = try replayer.store.load([key])[key],
      case .member(let value) = Replay.namedEntity(key, stored)?.value
    else { return [] }
    return SessionReader.granted(to: value, campaigns: try replayer.store.campaigns())
  }

  /// What the ledger makes of a scope.
  private func rowsMade(in scope: Scope) throws(StorageError) -> [EntityKey: [UInt8]] {
    let page = try replayer.store.page(
      PageRequest(scope: scope, after: 0, through: .max, byteLimit: .max, rowLimit: .max, includesDepartures: false))
    var rows: [EntityKey: [UInt8]] = [:]
    for row in page.rows { rows[row.key] = row.payload }
    return rows
  }
}
