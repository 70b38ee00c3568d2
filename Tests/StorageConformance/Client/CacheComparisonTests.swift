// The caches held against each other: the same random life on a device, and after every step the same answers.
import ReviewModel
import SeededInput
import Storage
import StorageSQLite
import Testing
import Trust

@Suite struct CacheComparisonTests {
  @Test(arguments: 1...20)
  func `memory and SQLite hold the same, byte for byte`(seed: UInt64) throws {
    let folder = try ScratchFolder()
    let sqlite = try SQLiteCacheStore.open(path: folder.path("cache.sqlite"))
    var life = RandomLife(seed: seed, stores: [MemoryCacheStore(), sqlite])
    for _ in 0..<60 { try life.step() }
    try life.compareWhole()
    try life.catchUp()
    try life.compareWhole()
    try life.compareWithServer()
    try sqlite.close()
  }
}

/// A server of few entities in three scopes, and the same deliveries to every store.
private struct RandomLife {
  private var generator: SeededGenerator
  private let stores: [any CacheStore]
  private let scopes: [Scope] = [.tenant, .campaign(Given.id(0)), .campaignInternal(Given.id(0))]
  private var seq: UInt64 = 0
  /// Every row ever, by scope: what is sent late, twice or out of turn comes from here.
  private var log: [Scope: [StoredRow]] = [:]

  init(seed: UInt64, stores: [any CacheStore]) {
    generator = SeededGenerator(seed: seed)
    self.stores = stores
  }

  mutating func step() throws {
    for _ in 0..<Int.random(in: 0...6, using: &generator) { write() }
    let scope = pick(scopes)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0...3: try deliver(scope, isHonest: true)
    case 4: try deliver(scope, isHonest: false)
    case 5, 6:
      let rows = (0..<4).compactMap { _ in log[scope]?.randomElement(using: &generator) }
      try same("fetched") { try $0.apply(fetched: rows.map { ScopedRow(scope: scope, row: $0) }) }
    case 7:
      let granted = scopes.filter { _ in Bool.random(using: &generator) || Bool.random(using: &generator) }
      try same("grant") { try $0.grant(granted) }
    case 8: try repair(scope)
    default: try overlay(scope)
    }
    let keys = (0..<12).map { value($0).key }
    try same("view") { try $0.view(keys) }
    try same("digest") { try $0.digest(scope) }
  }

  /// Whatever was missed comes, and leaves that differ are repaired, as a session does.
  mutating func catchUp() throws {
    try same("grant") { [scopes] in try $0.grant(scopes) }
    for scope in scopes {
      try deliver(scope, isHonest: true)
      let truth = current(scope)
      let head = seq
      try same("repair") { try $0.repair(scope, head: head, leaves: Set(UInt8.min...UInt8.max), rows: truth) }
    }
  }

  func compareWhole() throws {
    try same("rows") { try CacheBaseTests.dump($0) }
    try same("scopes") { try $0.scopes() }
    try same("missing evidence") { try $0.missingEvidence(limit: 100) }
    try same("overlay") { try $0.overlayKeys() }
    try same("subjects") { try $0.subjects(idPrefix: "", limit: 100) }
    for kind in [EntityKind.subject, .decision] {
      try same("all") { try $0.all(kind) }
      for number in 0..<3 { try same("children") { try $0.children(kind, of: (Given.id(number) as SubjectID).bytes) } }
    }
    for scope in scopes { try same("digest") { try $0.digest(scope) } }
  }

  func compareWithServer() throws {
    let truth = scopes.sorted().flatMap { scope in
      current(scope).sorted { $0.key < $1.key }.map { ScopedRow(scope: scope, row: $0) }
    }
    for store in stores {
      #expect(try CacheBaseTests.dump(store) == truth)
      for scope in scopes { #expect(try store.digest(scope) == CacheBaseTests.digest(of: current(scope))) }
    }
  }

  // MARK: Steps

  private mutating func write() {
    seq += 1
    let number = Int.random(in: 0..<12, using: &generator)
    let isGone = Int.random(in: 0..<4, using: &generator) == 0
    let row =
      isGone ? StoredRow(key: value(number).key, seq: seq, payload: nil) : Given.row(value(number, version: seq), seq: seq)
    log[pick(scopes), default: []].append(row)
  }

  private mutating func deliver(_ scope: Scope, isHonest: Bool) throws {
    let held = try stores[0].scopes().first { $0.scope == scope }?.cursor ?? 0
    let from = isHonest ? held : held / 2
    let to = seq
    let rows = (log[scope] ?? []).filter { $0.seq > from && $0.seq <= to }
    try same("page") { try $0.apply(CachedPage(scope: scope, from: from, to: to, rows: isHonest ? rows : rows.reversed())) }
  }

  private mutating func repair(_ scope: Scope) throws {
    let leaves = Set((0..<12).filter { _ in Bool.random(using: &generator) }.map { ScopeDigest.leaf(of: value($0).key) })
    let head = UInt64.random(in: 0...seq, using: &generator)
    let rows = current(scope).filter { $0.seq <= head && leaves.contains(ScopeDigest.leaf(of: $0.key)) }
    try same("repair") { try $0.repair(scope, head: head, leaves: leaves, rows: rows) }
  }

  private mutating func overlay(_ scope: Scope) throws {
    var entries: [EntityKey: OverlayEntry?] = [:]
    for _ in 0..<3 {
      let value = value(Int.random(in: 0..<14, using: &generator), version: 99)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: entries.updateValue(nil, forKey: value.key)
      case 1: entries[value.key] = OverlayEntry(scope: scope, payload: nil)
      default: entries[value.key] = OverlayEntry(scope: scope, payload: value.payload)
      }
    }
    let update = OverlayUpdate(
      entries: entries, isWhole: Bool.random(using: &generator),
      position: OverlayPosition(outboxVersion: seq, baseVersion: try stores[0].baseVersion()), index: [:])
    try same("update") { store in
      try store.update(update)
      return try store.overlayPosition()
    }
  }

  // MARK: The server

  /// Even numbers are subjects, odd ones decisions on them.
  private func value(_ number: Int, version: UInt64 = 0) -> EntityValue {
    number.isMultiple(of: 2)
      ? Given.subject(number, campaign: number % 3, updatedMilliseconds: version)
      : Given.decision(number, on: number % 3, ledgerIndex: version)
  }

  /// What the server holds in a scope now.
  private func current(_ scope: Scope) -> [StoredRow] {
    var newest: [EntityKey: StoredRow] = [:]
    for row in log[scope] ?? [] { newest[row.key] = row }
    return newest.values.filter { $0.payload != nil }
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &generator)]
  }

  private func same<Answer: Equatable>(_ what: Comment, _ ask: (any CacheStore) throws -> Answer) throws {
    let answers = try stores.map(ask)
    #expect(answers.dropFirst().allSatisfy { $0 == answers[0] }, what)
  }
}
