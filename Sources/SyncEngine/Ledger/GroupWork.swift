// A group while it is decided: what was loaded and what each envelope does to it. What it will write is in +Appending.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Trust

/// Every envelope sees what those before it in the group have done.
struct GroupWork {
  struct Place: Hashable {
    let device: Digest
    let lane: UInt32
    let number: UInt64
  }

  let store: any TenantStore
  let identity: LedgerIdentity
  let state: TenantState
  let now: UInt64
  let edition: RulesEdition
  let recorded: RecordedDecision?
  var frontier: MerkleFrontier
  var source: StoreNodeSource
  var set = WorkingSet()
  var log: ChangeCollector
  var entries: [LedgerEntry] = []
  var parts: [Part] = []
  var erasedParts: Set<Digest> = []
  /// Whether one of them could not be decided again, because words were erased since.
  var restsOnRecord = false
  var nodes: [MerkleNode] = []
  var lanes: [Digest: [UInt32: LanePosition]] = [:]
  var movedLanes: Set<Digest> = []
  var touches: [EntityKey: UInt64] = [:]
  var byPlace: [Place: Int] = [:]
  /// Of each mutation that was looked at: the entry that decides it, stored or of this group.
  var deciding: [MutationID: LedgerEntry] = [:]
  var roots: [UInt64: Digest] = [:]
  var commitSeq: UInt64

  init(
    store: any TenantStore, identity: LedgerIdentity, state: TenantState, frontier: MerkleFrontier?, nowMilliseconds: UInt64,
    edition: RulesEdition, recorded: RecordedDecision? = nil
  ) throws(StorageError) {
    self.edition = edition
    self.recorded = recorded
    self.store = store
    self.identity = identity
    self.state = state
    now = nowMilliseconds
    let source = StoreNodeSource(store: store)
    self.source = source
    if let frontier, frontier.size == state.ledgerSize {
      self.frontier = frontier
    } else {
      self.frontier = try StoredProof.frontier(size: state.ledgerSize, source: source)
    }
    log = ChangeCollector()
    commitSeq = state.seq
  }

  // MARK: One envelope

  mutating func submit(_ verified: VerifiedEnvelope, isFaulty: Bool) throws(StorageError) -> SubmissionResult {
    let envelope = verified.envelope
    let position = try lane(envelope.lane, of: envelope.device)
    if envelope.number <= position.number { return try repeated(verified) }
    guard envelope.number == position.number + 1 else { return .numberGap }
    guard envelope.previousHash == position.hash else { return .forked }
    let actor: Actor
    switch try self.actor(of: envelope) {
    case .known(let known): actor = known
    case .unknown: return .refused(.notAMember)
    }
    let decided = try decide(verified, by: actor, isFaulty: isFaulty)
    let isEnrolment = device(envelope.device) == nil && !actor.isServer
    // A stranger's refused enrolment leaves no trace, or anybody could fill the ledger.
    if isEnrolment, decided.outcome.status != .applied { return .refused(decided.outcome.code ?? .notAMember) }
    return .answered(try append(verified, by: actor, decided).answer(isNew: true))
  }

  /// The number was decided before: by this very envelope, or the device was copied.
  private func repeated(_ verified: VerifiedEnvelope) throws(StorageError) -> SubmissionResult {
    let envelope = verified.envelope
    let place = Place(device: envelope.device, lane: envelope.lane, number: envelope.number)
    let stored: LedgerEntry?
    if let index = byPlace[place] {
      stored = entries[index]
    } else {
      stored = try store.entry(device: envelope.device, lane: envelope.lane, number: envelope.number)
    }
    guard let stored else {
      throw StorageError(
        .damaged,
        "A decided envelope is missing from the ledger; leave the directory as it is, and report what countersignd verify says."
      )
    }
    return stored.envelope.hash == verified.signed.hash ? .answered(try stored.answer(isNew: false)) : .forked
  }

  private enum KnownActor {
    case known(Actor)
    case unknown
  }

  /// Whose device it is, by what the tenant holds. A device that is not enrolled may only enrol itself.
  private mutating func actor(of envelope: Envelope) throws(StorageError) -> KnownActor {
    if envelope.device == identity.serverDevice {
      return .known(Actor(member: .zero, device: envelope.device, isServer: true))
    }
    try load([.device(envelope.device)])
    if let device = device(envelope.device) {
      return .known(Actor(member: device.member, device: envelope.device, isServer: false))
    }
    // A body that cannot be read enrols nobody.
    guard envelope.lane == 1, envelope.number == 1, case .known(.enrolDevice(let body)) = try? Mutation.decode(envelope.body),
      body.publicKey.fingerprint == envelope.device
    else { return .unknown }
    return .known(Actor(member: .zero, device: envelope.device, isServer: false))
  }

  // MARK: Deciding

  private mutating func decide(
    _ verified: VerifiedEnvelope, by actor: Actor, isFaulty: Bool
  ) throws(StorageError) -> (outcome: Outcome, touched: [EntityKey]) {
    let envelope = verified.envelope
    let own: [EntityKey] = actor.isServer ? [] : [.member(actor.member), .device(actor.device)]
    // Even a change that is faulty has one outcome, its first one. Its body is not looked at here.
    if let first = try entry(mutation: envelope.mutationID), try !isLeftOpen(first, verified, by: actor, isFaulty: isFaulty) {
      return (try outcome(repeating: first, verified, by: actor), [])
    }
    if isFaulty { return (.parked(.serverFault), own) }
    if let device = device(envelope.device), device.isRevoked { return (.parked(.deviceRevoked), own) }
    if verified.byteCount > Envelope.withPartsByteLimit { return (.rejected(.tooLarge), own) }
    // What cannot be read is for the rules to name.
    if case .known(let mutation) = try? Mutation.decode(envelope.body), mutation.lane != envelope.lane {
      return (.rejected(.malformed), own)
    }
    guard edition.unknownKinds.isEmpty || edition.knows(envelope.body) else { return (.rejected(.unsupported), []) }
    var context = RuleContext(
      tenant: envelope.tenant, actor: actor, mutationID: envelope.mutationID, clock: envelope.clock, nowMilliseconds: now,
      ledgerIndex: frontier.size)
    context.recorded = recorded
    for _ in 0..<LedgerLimits.loadRounds {
      switch Rules.decide(envelope.body, parts: verified.parts, context: context, in: &set) {
      case .needs(let keys): try load(keys)
      case .decided(let decided):
        erasedParts.formUnion(decided.erasedParts)
        restsOnRecord = restsOnRecord || decided.restsOnRecord
        return (decided.outcome, decided.touched)
      }
    }
    return (.parked(.serverFault), own)
  }

  /// The same mutation came before, under another number or from another device of the same member.
  private func outcome(
    repeating first: LedgerEntry, _ verified: VerifiedEnvelope, by actor: Actor
  ) throws(StorageError) -> Outcome {
    guard first.member == actor.member, first.bodyDigest == SHA256.hash(verified.envelope.body) else {
      return .rejected(.idReused)
    }
    var outcome = try StoredLedger.record(of: first).outcome
    outcome.duplicateOf = first.index
    outcome.isCheckpointDisputed = false
    return outcome
  }

  /// Refused for its kind by an older program, and of a kind that is known now: it is decided as if it came for the first time.
  private func isLeftOpen(
    _ first: LedgerEntry, _ verified: VerifiedEnvelope, by actor: Actor, isFaulty: Bool
  ) throws(StorageError) -> Bool {
    let body = verified.envelope.body
    guard first.member == actor.member, first.bodyDigest == SHA256.hash(body),
      try StoredLedger.record(of: first).outcome.code == .unsupported
    else { return false }
    return isFaulty || edition.knows(body)
  }

  mutating func entry(mutation: MutationID) throws(StorageError) -> LedgerEntry? {
    if let known = deciding[mutation] { return known }
    deciding[mutation] = try store.entry(mutation: mutation)
    return deciding[mutation]
  }

  // MARK: What it holds

  func device(_ id: Digest) -> DeviceEntity? {
    guard case .device(let value) = set.current(.device(id))?.value else { return nil }
    return value
  }

  private mutating func lane(_ lane: UInt32, of device: Digest) throws(StorageError) -> LanePosition {
    if lanes[device] == nil { lanes[device] = try store.lanes(of: device) }
    return lanes[device]?[lane] ?? LanePosition(number: 0, hash: .zero)
  }

  private mutating func load(_ keys: [EntityKey]) throws(StorageError) {
    let wanted = keys.filter { !set.holds($0) }
    guard !wanted.isEmpty else { return }
    let found = try store.load(wanted)
    for key in wanted {
      set.load(key, try found[key].map { stored throws(StorageError) in try StoredLedger.entity(key, stored) })
    }
  }
}
