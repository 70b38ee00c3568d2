// The server of a run: sessions' machines, one writer and one store, driven synchronously in virtual time. It does what the
// shells of the real server do with orders, and can die between any two steps.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import SyncServer
import Trust

final class SimulatedServer {
  static let tickMilliseconds: UInt64 = 5_000

  struct Submission {
    let envelopes: [VerifiedEnvelope]
    let completion: (Result<[SubmissionResult], StorageError>) throws -> Void
  }

  let context: SimulationContext
  let random: SeededRandom
  let epoch: EpochID
  let origin: String
  let ledgerAudit: LedgerAudit
  private(set) var store: FaultyTenantStore
  /// What the server's logic sees of the store.
  private(set) var front: TroubledTenantStore
  let disk: DiskTrouble
  private(set) var reader: SessionReader
  var core: WriterCore
  /// What is scheduled for an earlier life of the process does not happen any more.
  private(set) var life = 0
  private(set) var isRunning = true
  /// After a crash every envelope is marked before it is decided.
  private(set) var marksEverything = false
  var conversations: [Int: ServerConversation] = [:]
  private var lastConversation = 0
  var submissions: [Submission] = []
  var isDraining = false
  private var isTicking = false
  /// Steps until the power fails.
  var stepsUntilCrash: Int?
  var clockTrouble = ClockTrouble()
  /// What this program speaks.
  var versions = SimulatedVersions.common
  /// Kinds of mutation that this program does not know yet.
  var edition = RulesEdition()
  /// Its session is not told of the next commit.
  var deafLink: SimulatedLink?
  /// Everything that was ever sent, for the check of what a catch-up costs.
  let costAudit: CostAudit
  let shownNotes: ShownNoteAudit
  /// What the directory holds: a checkpoint that the ledger lacks although the server has signed it.
  var shown: SeenCheckpoint?

  init(context: SimulationContext) {
    self.context = context
    random = context.random.fork()
    epoch = random.identifier()
    origin = LedgerIdentity.origin(serverName: context.serverName, tenant: context.tenant, epoch: epoch)
    store = FaultyTenantStore(context.newServerFiles(epoch: epoch), bug: context.plan.bug)
    disk = DiskTrouble(random: random.fork())
    front = TroubledTenantStore(store, disk: disk, bug: context.plan.bug)
    reader = SessionReader(store: front, origin: origin)
    core = WriterCore(committer: LedgerCommitter(store: front, identity: Self.ledger(origin, context)))
    costAudit = CostAudit(bug: context.plan.bug)
    ledgerAudit = LedgerAudit(context: context)
    shownNotes = ShownNoteAudit(context: context, origin: origin)
    watch(store)
  }

  private func watch(_ store: FaultyTenantStore) {
    store.losesPower = { [unowned self] in isPowerFailing() }
    store.onWrite = { [unowned self] in
      ledgerAudit.note($0)
      costAudit.note($0)
      shownNotes.note($0, in: self.store)
    }
    store.onFailure = { [unowned self] in ledgerAudit.noteFailure($0, found: $1) }
  }

  private static func ledger(_ origin: String, _ context: SimulationContext) -> LedgerIdentity {
    LedgerIdentity(origin: origin, serverDevice: context.serverKey.publicKey.fingerprint)
  }

  var wallMilliseconds: UInt64 {
    clockTrouble.wallMilliseconds(at: context.now)
  }

  /// Something of this life of the process, later.
  func after(_ milliseconds: UInt64, _ action: @escaping Timeline.Action) {
    guard isRunning else { return }
    let life = life
    context.after(milliseconds) { if self.life == life { try action() } }
  }

  // MARK: Life and death

  /// Counts one step; true if the power fails at it.
  func isPowerFailing() -> Bool {
    if store.hasCrashed { return true }
    guard let left = stepsUntilCrash else { return false }
    stepsUntilCrash = left > 0 ? left - 1 : nil
    return left == 0
  }

  /// Dies as a process does: what was not durable is gone. Comes back by itself.
  func crash(restartAfter milliseconds: UInt64) throws {
    guard isRunning else { return }
    context.note("server", "dies")
    life += 1
    isRunning = false
    stepsUntilCrash = nil
    for key in conversations.keys.sorted() { conversations[key]?.link.abandon(.down) }
    conversations = [:]
    submissions = []
    isDraining = false
    isTicking = false
    shownNotes.forgetConnections()
    let durable = store.reopened()
    context.after(milliseconds) { try self.start(durable) }
  }

  /// Goes on from another store: its own after a crash, or an old copy of it.
  func start(_ store: FaultyTenantStore) throws {
    self.store = store
    watch(store)
    front = TroubledTenantStore(store, disk: disk, bug: context.plan.bug)
    reader = SessionReader(store: front, origin: origin)
    marksEverything = true
    do {
      try store.files.open()
      let suspects = try store.decidingMarkers()
      core = WriterCore(
        committer: LedgerCommitter(store: front, identity: Self.ledger(origin, context), suspects: suspects, edition: edition))
      if let shown { core.stop(until: shown) }
      let size = try store.state().ledgerSize
      context.note("server", "starts at entry \(size) with \(suspects.count) suspects")
    } catch {
      guard store.hasCrashed || store.files.explains(error) else { throw Violation(.storeFailed, error.sentence) }
      context.note("server", "cannot start: \(error.code)")
      let next = store.reopened()
      return context.after(random.between(200, 20_000)) { try self.start(next) }
    }
    isRunning = true
    if context.excuses.hasRolledBack { return }
    try store.files.quietly {
      if let found = try ledgerAudit.findUncertain(in: store) { costAudit.note(found) }
      try ledgerAudit.compare(with: store)
    }
  }

  /// Comes up from an old copy of its files.
  func rollBack(to backup: any ServerFiles, restartAfter milliseconds: UInt64) throws {
    try crash(restartAfter: UInt64.max / 4)
    context.excuses.hasRolledBack = true
    life += 1
    let life = life
    context.after(milliseconds) {
      guard self.life == life else { return }
      backup.end(.killed)
      try self.start(FaultyTenantStore(backup, bug: self.context.plan.bug))
    }
  }

  private(set) var isDiskFull = false

  func fillDisk(_ isFull: Bool) {
    isDiskFull = isFull
    store.fillDisk(isFull)
  }

  // MARK: Connections

  func accept(_ link: SimulatedLink) -> Bool {
    guard isRunning else { return false }
    lastConversation += 1
    let machine = ServerSession(
      configuration: ServerSessionConfiguration(
        serverName: context.serverName, signingKey: context.serverKey, nonce: random.digest(), tlsCertificateDigest: nil,
        versions: versions.range, rulesVersion: edition.version),
      nowMilliseconds: context.now)
    let conversation = ServerConversation(number: lastConversation, link: link, machine: machine)
    conversations[lastConversation] = conversation
    let life = life
    link.attach(
      SimulatedLink.Endpoint(
        received: { [unowned self] bytes in
          guard self.life == life, !conversation.isOver else { return }
          conversation.unread.append(bytes)
          readNext(conversation)
        },
        closed: { [unowned self] in if self.life == life { post(.ended, to: conversation) } }), receiving: .up)
    link.onDrained = { [unowned self] in if self.life == life { relieve(conversation) } }
    startTicking()
    return true
  }

  private func startTicking() {
    guard !isTicking else { return }
    isTicking = true
    after(Self.tickMilliseconds) { try self.tick() }
  }

  private func tick() throws {
    isTicking = false
    guard !conversations.isEmpty else { return }
    for key in conversations.keys.sorted() { if let one = conversations[key] { post(.event(.ticked), to: one) } }
    startTicking()
  }
}
