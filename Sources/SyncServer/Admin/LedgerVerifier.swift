// Checks a tenant's whole ledger against itself and against its state, as an outsider would: every signature, chain and
// leaf, the tree, and a replay of everything through the rules into an empty store, compared byte for byte. What was erased
// is taken from the record.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import SyncProtocol
import Trust

package struct LedgerVerifier {
  /// What was found.
  package struct Report: Sendable, Hashable {
    package var tenant: TenantID
    package var size: UInt64
    package var root: Digest
    /// Entries that were checked without words of theirs, which were erased.
    package var erased: Int
    /// Sentences; empty if everything holds.
    package var problems: [String]
  }

  /// How many problems are named before the rest is only a sentence.
  static let problemLimit = 50
  private static let entriesAtOnce = 200
  private static let attempts = 5

  private let store: any TenantStore
  private let serverName: String
  private let state: TenantState
  private let replay: MemoryTenantStore
  private var replayer: LedgerReplayer?
  private var reader: SessionReader
  private var problems: [String] = []
  private var serverKey: PublicKey?
  private let nowMilliseconds: UInt64
  private let oldestRules: UInt32

  private init(
    store: any TenantStore, serverName: String, nowMilliseconds: UInt64, oldestRules: UInt32
  ) throws(StorageError) {
    self.store = store
    self.oldestRules = oldestRules
    self.nowMilliseconds = nowMilliseconds
    self.serverName = serverName
    state = try store.state()
    replay = MemoryTenantStore(tenant: state.tenant, epoch: state.epoch)
    reader = SessionReader(store: store, origin: "")
  }

  /// - Parameter oldestRules: the version of the oldest rules that may have decided anything.
  /// - Throws: only what the store throws when it cannot be read at all.
  package static func verify(
    _ store: any TenantStore, serverName: String, nowMilliseconds: UInt64, oldestRules: UInt32 = RulesEdition.firstVersion
  ) throws(StorageError) -> Report {
    for _ in 0..<attempts {
      var verifier = try LedgerVerifier(
        store: store, serverName: serverName, nowMilliseconds: nowMilliseconds, oldestRules: oldestRules)
      let report = try verifier.run()
      // A running server may have written meanwhile: then entries and state were read at different moments.
      if try store.state() == verifier.state { return report }
    }
    throw StorageError(.busy, "The server writes too fast to verify it; stop it, or try again when it is quieter.")
  }

  private mutating func run() throws(StorageError) -> Report {
    var index: UInt64 = 0
    while index < state.ledgerSize {
      let entries = try store.entries(from: index, limit: Self.entriesAtOnce)
      guard !entries.isEmpty else {
        note("entry \(index) is missing")
        break
      }
      for entry in entries {
        if entry.index != index { note("entry \(index) is out of place") }
        try check(entry)
        index += 1
      }
    }
    let root = try checkTree(size: index)
    try checkState()
    for part in replayer?.unexplained ?? [] {
      note("entry \(part.index): the part \(part.digest) is missing, and no erasure took it")
    }
    for part in replayer?.kept ?? [] { note("entry \(part.index): the part \(part.digest) was erased and is still there") }
    return Report(
      tenant: state.tenant, size: state.ledgerSize, root: root, erased: replayer?.erasedCount ?? 0, problems: problems)
  }

  private mutating func note(_ problem: String) {
    if problems.count < Self.problemLimit { problems.append(problem) }
    if problems.count == Self.problemLimit { problems.append("there are more problems than are named here") }
  }

  // MARK: Entries

  private mutating func check(_ entry: LedgerEntry) throws(StorageError) {
    let name = "entry \(entry.index)"
    if MerkleHash.leaf(entry.leafRecord) != entry.leafHash { note("\(name): its leaf hash is not that of its record") }
    let record: LeafRecord
    let envelope: Envelope
    do {
      record = try LeafRecord(canonical: entry.leafRecord)
      envelope = try entry.envelope.envelope()
    } catch {
      return note("\(name): its record or envelope is not canonical")
    }
    if record.envelopeHash != entry.envelope.hash { note("\(name): its record names another envelope") }
    if envelope.tenant != state.tenant { note("\(name): its envelope is of another tenant") }
    if (envelope.device, envelope.lane, envelope.number, envelope.mutationID)
      != (entry.device, entry.lane, entry.number, entry.mutationID)
    {
      note("\(name): its columns do not agree with its envelope")
    }
    guard let key = try signer(of: envelope) else { return note("\(name): nobody known signed it") }
    if !entry.envelope.isSigned(by: key) { note("\(name): its signature does not hold") }
    try replay(entry, record, envelope)
  }

  /// The key of the device that the replayed state knows, or the one that the entry itself brings.
  private mutating func signer(of envelope: Envelope) throws(StorageError) -> PublicKey? {
    if let serverKey, serverKey.fingerprint == envelope.device { return serverKey }
    let key = EntityKey.device(envelope.device)
    // What cannot be read is no key.
    if let stored = try replay.load([key])[key] { return (try? DeviceEntity(tolerating: stored.payload))?.publicKey }
    switch try? Mutation.decode(envelope.body) {  // As above.
    case .known(.createTenant(let body)) where serverKey == nil:
      serverKey = body.serverKey
      return body.serverKey.fingerprint == envelope.device ? body.serverKey : nil
    case .known(.enrolDevice(let body)): return body.publicKey.fingerprint == envelope.device ? body.publicKey : nil
    default: return nil
    }
  }

  private mutating func replay(_ entry: LedgerEntry, _ record: LeafRecord, _ envelope: Envelope) throws(StorageError) {
    let name = "entry \(entry.index)"
    let digests = Mutation.partDigests(ofBody: envelope.body)
    let parts = digests.isEmpty ? [:] : try store.parts(digests)
    for (digest, part) in parts where SHA256.hash(part.bytes) != digest { note("\(name): a part is not what its digest says") }
    var replayer = replayer ?? LedgerReplayer(store: replay, identity: identity(), oldestRules: oldestRules)
    let again = LedgerReplayer.Entry(
      index: entry.index, leafRecord: entry.leafRecord, envelope: entry.envelope, parts: parts.values.map(\.bytes))
    switch try replayer.decide(again, record: record) {
    case .follows: break
    case .differs(let status):
      note("\(name): the rules decide it otherwise (\(status.name) instead of \(record.outcome.status.name))")
    case .stuck: note("\(name): it does not continue its device's lane")
    }
    self.replayer = replayer
  }

  private func identity() -> LedgerIdentity {
    LedgerIdentity(
      origin: LedgerIdentity.origin(serverName: serverName, tenant: state.tenant, epoch: state.epoch),
      serverDevice: serverKey?.fingerprint ?? .zero)
  }

  // MARK: Tree and state

  private mutating func checkTree(size: UInt64) throws(StorageError) -> Digest {
    let root = try StoredProof.root(size: state.ledgerSize, source: StoreNodeSource(store: store))
    let replayed = try StoredProof.root(size: try replay.state().ledgerSize, source: StoreNodeSource(store: replay))
    if root != replayed { note("the tree's root is not the one that its entries make") }
    return root
  }

  private mutating func checkState() throws(StorageError) {
    let scopes = Set(try TenantExport.allScopes(of: store)).union(try TenantExport.allScopes(of: replay)).sorted()
    for scope in scopes {
      let stored = try rows(of: store, scope)
      let expected = try rows(of: replay, scope)
      for key in Set(stored.keys).union(expected.keys).sorted() where !agrees(key, stored[key], expected[key]) {
        if stored[key] == nil, mayBeForgotten(expected[key]) { continue }
        note("\(scope): \(key) is not what its ledger makes of it")
      }
      try checkDigest(scope, stored)
    }
  }

  private func agrees(_ key: EntityKey, _ stored: StateExport.Row?, _ expected: StateExport.Row?) -> Bool {
    replayer?.agrees(key, held: stored?.payload, expected: expected?.payload) ?? false
  }

  /// Stages that no import took are forgotten after their time.
  private func mayBeForgotten(_ row: StateExport.Row?) -> Bool {
    // What cannot be read is no stage.
    guard let row, row.key.kind == .stage, let stage = try? StageEntity(tolerating: row.payload) else { return false }
    return stage.hasExpired(atMilliseconds: nowMilliseconds)
  }

  private func rows(of store: any TenantStore, _ scope: Scope) throws(StorageError) -> [EntityKey: StateExport.Row] {
    let rows = try TenantExport.rows(of: store, scopes: [scope])
    return Dictionary(rows.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
  }

  private mutating func checkDigest(_ scope: Scope, _ rows: [EntityKey: StateExport.Row]) throws(StorageError) {
    var digest = ScopeDigest()
    for (key, row) in rows {
      digest.add(ScopeDigest.itemHash(key: key, seq: row.seq, payload: row.payload), leaf: ScopeDigest.leaf(of: key))
    }
    if try store.digest(scope).digest.digest != digest.digest { note("\(scope): its digest is not that of its rows") }
  }
}
