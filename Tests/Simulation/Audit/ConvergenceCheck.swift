// Whether a device is where it must be when faults have stopped: everything answered, proved and seen, the base byte for byte
// the server's, and the view what a full replay makes of it.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

struct ConvergenceCheck {
  let device: SimulatedDevice
  let server: SimulatedServer

  /// What is not there yet; nil if everything is.
  func missing() throws -> Violation? {
    let name = device.name
    let unanswered = try device.outbox.counts().unanswered
    guard unanswered == 0 else { return Violation(.notSettled, "\(name) has \(unanswered) unanswered changes") }
    guard try device.outbox.replayable().isEmpty else {
      return Violation(.notSettled, "\(name) still replays what was answered")
    }
    guard try !waitsForNewerRules() else {
      return Violation(.notSettled, "\(name) has not yet offered again what older rules did not know")
    }
    let held = try device.cache.scopes()
    let people = server.ledgerAudit.people
    // News that a scope is lost may be on their way.
    if let foreign = held.first(where: { !VisibilityAudit.mayRead($0.scope, device.identity.member, people) }) {
      return Violation(.shownToMany, "\(name) holds \(foreign.scope), which is not for its member")
    }
    let granted = try self.granted()
    guard Set(held.map(\.scope)) == granted else {
      return Violation(.notSettled, "\(name) holds \(held.map(\.scope.name)), granted are \(granted.map(\.name).sorted())")
    }
    for scope in held {
      let head = try server.store.heads([scope.scope])[scope.scope] ?? 0
      guard scope.cursor >= head else {
        return Violation(.notSettled, "\(name) is at \(scope.cursor) of \(head) in \(scope.scope)")
      }
      guard try scope.cursor <= server.store.state().seq else {
        return Violation(.cursorBroken, "\(name) is beyond the server in \(scope.scope)")
      }
    }
    return try unproved()
  }

  /// Where base or view are not what they must be, once nothing is missing; it takes a look at everything.
  func difference() throws -> Violation? {
    let name = device.name
    let aside = try device.outbox.answered(isRefused: true, limit: .max).filter { $0.state == .quarantined }
    if let sound = aside.first(where: { !device.context.excuses.damaged.contains($0.mutation.mutationID) }) {
      return Violation(.putAside, "\(name) put row \(sound.row) aside: \(sound.quarantineReason ?? "")")
    }
    if let difference = try baseDifference(try granted()) { return Violation(.baseWrong, "\(name): \(difference)") }
    if let difference = try StateAudit.difference(in: device.cache) {
      return Violation(.stateWrong, "\(name): \(difference)")
    }
    if let difference = try viewDifference() { return Violation(.viewWrong, "\(name): \(difference)") }
    let audit = server.ledgerAudit
    if let shown = try audit.visibility.shown(in: device.cache, to: device.identity.member, audit.people) {
      return Violation(.shownToMany, "\(name): \(shown)")
    }
    return nil
  }

  /// Whether something was refused for its kind by rules older than the server's: the next session offers it again.
  private func waitsForNewerRules() throws -> Bool {
    guard device.context.hasUnknownFields else { return false }
    return try device.outbox.answered(isRefused: true, limit: .max).contains { row in
      guard let answer = row.answer, let record = try? LeafRecord(tolerating: answer.leafRecord) else { return false }
      return record.outcome.code == .unsupported && record.rulesVersion < server.edition.version
    }
  }

  private func granted() throws -> Set<Scope> {
    guard let stored = try server.store.load([.member(device.identity.member)])[.member(device.identity.member)],
      let member = try? MemberEntity(canonical: stored.payload)
    else { return [] }
    return SessionReader.granted(to: member, campaigns: try server.store.campaigns())
  }

  // MARK: The base

  private func baseDifference(_ scopes: Set<Scope>) throws -> String? {
    var held: [Scope: [EntityKey: StoredRow]] = [:]
    try device.cache.allRows { held[$0, default: [:]][$1.key] = $1 }
    for scope in scopes.sorted() {
      let request = PageRequest(
        scope: scope, after: 0, through: .max, byteLimit: .max, rowLimit: .max, includesDepartures: false)
      let rows = try server.store.page(request).rows
      var mine = held[scope] ?? [:]
      var digest = PlainDigest()
      for row in rows {
        guard let own = mine.removeValue(forKey: row.key) else { return "\(row.key) is missing in \(scope)" }
        guard own == row else { return "\(row.key) differs in \(scope): \(own.seq), not \(row.seq)" }
        digest.add(row)
      }
      if let extra = mine.keys.min() { return "\(extra) is in \(scope) only here" }
      let expected = digest.bytes
      guard try expected == server.store.digest(scope).digest.stored else {
        return "the server's digest of \(scope) is another"
      }
      guard try expected == device.cache.digest(scope).stored else { return "the device's digest of \(scope) is another" }
    }
    return nil
  }

  // MARK: The view

  /// Compares with a cache that is made anew from the same base.
  func viewDifference() throws -> String? {
    let fresh = MemoryCacheStore()
    _ = try fresh.grant(try device.cache.scopes().map(\.scope))
    var rows: [ScopedRow] = []
    try device.cache.allRows { rows.append(ScopedRow(scope: $0, row: $1)) }
    _ = try fresh.apply(fetched: rows)
    _ = try ViewKeeper(cache: fresh, outbox: device.outbox, actor: device.actor).refresh(changed: nil)
    for kind in EntityKind.allCases {
      // Changes that cancel each other out leave an overlay that says the same as the base: only its number differs.
      let mine = try device.cache.all(kind).mapValues { StoredEntity(scope: $0.scope, seq: 0, payload: $0.payload) }
      let other = try fresh.all(kind).mapValues { StoredEntity(scope: $0.scope, seq: 0, payload: $0.payload) }
      if mine != other {
        let keys = Set(mine.keys).union(other.keys).filter { mine[$0] != other[$0] }
        guard let key = keys.min() else { continue }
        let pair = [mine[key], other[key]].map { stored in
          stored.map { "\($0.seq) \(String(describing: Replay.entity(key, $0)?.value))" } ?? "nothing"
        }
        return "\(keys.count) of \(kind) differ from a full replay: \(key) is \(pair[0]), should be \(pair[1])"
      }
    }
    let lines = try device.cache.list(SubjectFilter())
    let others = try fresh.list(SubjectFilter())
    if lines == others { return nil }
    let mine = lines.first { !others.contains($0) }
    let other = others.first { !lines.contains($0) }
    return "the index differs from a full replay: \(String(describing: mine)), \(String(describing: other)), "
      + "overlays \(try device.cache.overlayKeys().sorted()), \(try fresh.overlayKeys().sorted())"
  }

  private func unproved() throws -> Violation? {
    let own = try device.outbox.answered(isRefused: false, limit: SessionStores.ownProofsLimit).compactMap {
      $0.answer?.ledgerIndex
    }
    let proved = try device.cache.evidence(own)
    guard let index = own.first(where: { proved[$0] == nil }) else { return nil }
    return Violation(.notSettled, "\(device.name) has no proof of its entry \(index)")
  }
}

/// The scope digest by its definition, in plain arithmetic: 256 sums modulo 2^256, byte by byte.
struct PlainDigest {
  private var sums = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: 256)

  /// The leaves one after the other.
  var bytes: [UInt8] { sums.flatMap { $0 } }

  mutating func add(_ row: StoredRow) {
    guard let payload = row.payload else { return }
    func big(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
    let bytes =
      big(4, 4) + big(UInt64(row.key.kind.rawValue), 4) + big(UInt64(row.key.id.count), 4) + row.key.id + big(8, 4)
      + big(row.seq, 8)
      + big(UInt64(payload.count), 4) + payload
    let hash = SHA256.hash(bytes).bytes
    let leaf = Int(SHA256.hash(row.key.id).bytes[0])
    var carry = 0
    for place in stride(from: 31, through: 0, by: -1) {
      let sum = Int(sums[leaf][place]) + Int(hash[place]) + carry
      sums[leaf][place] = UInt8(truncatingIfNeeded: sum)
      carry = sum >> 8
    }
  }
}
