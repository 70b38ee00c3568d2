// The client's side of a session: events in, orders out. It verifies whatever the server says before anything is kept,
// and knows no clock, no socket and no store. Its slices: handshake, receiving, sending, comparing, proving.
import ReviewModel
import Storage
import SyncProtocol
import Trust

package struct ClientSession: ~Copyable, Sendable {
  static let handshakeMilliseconds: UInt64 = 20_000
  static let answerMilliseconds: UInt64 = 30_000
  static let pullMilliseconds: UInt64 = 3_000
  static let replyMilliseconds: UInt64 = 30_000
  static let repairsLimit = 3
  /// Pulls in a row that bring nothing: a minute in which the server lives and gives nothing of what it says it has.
  static let pullsLimit = 20
  /// What a server may set: room for one mutation at least, and a sign of life every five minutes at least.
  static let heartbeatSecondsLimit: UInt32 = 300
  /// From how many rows on what waits for this member is fetched before the pages.
  static let largeCatchUp: UInt64 = 500

  enum Phase: Sendable {
    case beforeHello
    case awaitingChallenge(Hello, certificate: Digest?)
    case awaitingWelcome(nonce: Digest)
    case open(Welcome)
    case ended
  }

  let start: SessionStart
  let judge: CheckpointJudge
  var phase = Phase.beforeHello
  package internal(set) var progress = SessionProgress()
  var orders: [ClientSessionOrder] = []
  var now: UInt64 = 0

  var checkpoint: SeenCheckpoint
  var window: PushWindow
  /// Every granted scope with how far it is held.
  var cursors: [Scope: UInt64] = [:]
  /// The newest number known to be in each scope.
  var heads: [Scope: UInt64] = [:]
  /// Rows known to be still on their way, by scope.
  var remaining: [Scope: UInt64] = [:]
  /// Scopes that were subscribed and whose checkpoint has not come.
  var isCatchingUp = false
  var hasGrants = false
  /// A single sync ends with digests that hold the own changes, too.
  var needsFinalComparison = false
  var comparing: [Scope: ScopeDigestHead] = [:]
  var repairing: [Scope: [StoredRow]] = [:]
  var repairCounts: [Scope: Int] = [:]
  /// Every cursor must reach this number before the own changes are seen.
  var owedSeq: UInt64 = 0
  var retiredSeq: UInt64 = 0
  /// The size that a checkpoint must have to prove every answer of this session.
  var owedSize: UInt64 = 0
  var proving = Proving()

  // What came since a timer was set.
  var hasHeard = false
  var hasReceived = false
  var hasBeenAnswered = false
  var isPullSet = false
  var pullsInVain = 0
  var isAnswerSet = false

  package init(_ start: SessionStart) {
    self.start = start
    judge = CheckpointJudge(tenant: start.identity.tenant, serverKey: start.identity.serverKey)
    checkpoint = start.checkpoint
    window = PushWindow(offered: start.offered)
    owedSeq = start.owedSeq
  }

  package var hasEnded: Bool { if case .ended = phase { true } else { false } }

  /// The next step. After the end nothing happens any more.
  ///
  /// - Parameter now: milliseconds since 1970, for what is kept.
  package mutating func handle(_ event: ClientSessionEvent, now: UInt64) -> [ClientSessionOrder] {
    self.now = now
    guard !hasEnded else { return [] }
    switch event {
    case .connected(let nonce, let certificate): connected(nonce: nonce, certificate: certificate)
    case .frameReceived(let frame):
      hasHeard = true
      received(frame)
    case .granted(let scopes): granted(scopes)
    case .digestRead(let scope, let digest): digestRead(scope, digest)
    case .offered(let lane, let rows): offered(lane: lane, rows: rows)
    case .outboxChanged:
      window.outboxChanged()
      pump()
    case .comparisonAsked: comparisonAsked()
    case .unprovedFound(let indexes): unprovedFound(indexes)
    case .timerFired(let timer): fired(timer)
    case .pipeClosed(let reason): end(.retry(afterMilliseconds: 0, reason: reason))
    }
    if !hasEnded { settle() }
    progress.unanswered = UInt64(window.unansweredCount)
    defer { orders = [] }
    return orders
  }

  mutating func order(_ order: ClientSessionOrder) { orders.append(order) }

  mutating func end(_ end: SessionEnd) {
    guard !hasEnded else { return }
    phase = .ended
    order(.end(end))
  }

  mutating func stop(_ reason: SessionStop, _ detail: String = "") { end(.stopped(reason, detail: detail)) }

  /// Whether the challenge's signature held: nobody in between says what is heard since.
  private var isServerProved: Bool {
    switch phase {
    case .beforeHello, .awaitingChallenge: false
    case .awaitingWelcome, .open, .ended: true
    }
  }

  // MARK: Frames

  private mutating func received(_ frame: ServerFrame) {
    if case .goodbye(let goodbye) = frame { return saidGoodbye(goodbye) }
    switch (phase, frame) {
    case (.awaitingChallenge(let hello, let certificate), .challenge(let challenge)):
      challenged(challenge, hello: hello, certificate: certificate)
    case (.awaitingWelcome, .welcome(let welcome)): welcomed(welcome)
    case (.open, .changes(let changes)): received(changes)
    case (.open, .checkpoint(let frame)): received(frame)
    case (.open, .outcomes(let outcomes)): received(outcomes)
    case (.open, .entities(let entities)): received(entities)
    case (.open, .proofs(let proofs)): received(proofs)
    case (.open, .repairPage(let page)): received(page)
    case (.open, .heartbeat(let heartbeat)): received(heartbeat)
    case (.open, .scopeGranted(let head)): scopeGranted(head)
    case (.open, .scopeClosed(let scope)): scopeClosed(scope)
    default: stop(.protocolViolation, "An unexpected frame came.")
    }
  }

  private mutating func saidGoodbye(_ goodbye: Goodbye) {
    if !isServerProved, goodbye.code != .versionUnsupported { return end(SessionEnd(unproved: goodbye)) }
    if goodbye.code == .badSignature, stopIfDamaged(window.sentRows) { return }
    end(SessionEnd(goodbye))
  }

  // MARK: Timers

  private mutating func fired(_ timer: SessionTimer) {
    switch timer {
    case .handshake: end(.retry(afterMilliseconds: 0, reason: "The server did not answer the handshake in time."))
    case .heartbeat:
      order(.sendFrame(.heartbeat(Heartbeat())))
      setHeartbeat()
      // Another process may have queued something, and its word of it was lost.
      window.outboxChanged()
      pump()
    case .silence:
      guard hasHeard else { return end(.retry(afterMilliseconds: 0, reason: "The server fell silent.")) }
      setSilence()
    case .answer:
      isAnswerSet = false
      guard hasBeenAnswered || window.sentCount == 0 else {
        return end(.retry(afterMilliseconds: 0, reason: "The server did not answer in time."))
      }
      setAnswer()
    case .pull: pull()
    case .reply: replyMissed()
    }
  }

  var limits: SessionLimits { if case .open(let welcome) = phase { welcome.limits } else { SessionLimits() } }

  /// The server's clock when the session was opened.
  var welcomedMilliseconds: UInt64 { if case .open(let welcome) = phase { welcome.serverMilliseconds } else { 0 } }

  mutating func setHeartbeat() {
    order(.setTimer(.heartbeat, milliseconds: max(1, UInt64(limits.heartbeatSeconds)) * 1_000))
  }

  mutating func setSilence() {
    hasHeard = false
    order(.setTimer(.silence, milliseconds: max(1, UInt64(limits.heartbeatSeconds)) * 3_000))
  }

  mutating func setAnswer() {
    guard window.sentCount > 0, !isAnswerSet else { return }
    isAnswerSet = true
    hasBeenAnswered = false
    order(.setTimer(.answer, milliseconds: Self.answerMilliseconds))
  }

  // MARK: After every event

  /// What must hold whenever the machine comes to rest: what is sent or owed has a timer, and what is done ends.
  private mutating func settle() {
    guard case .open = phase else { return }
    setAnswer()
    if isLagging, !isPullSet { setPull() }
    retire()
    considerProving()
    if start.isOnce, isDone { end(.finished) }
  }

  /// Whether everything was received that is there, and everything sent that was queued.
  var isSettled: Bool {
    progress.isCaughtUp && !isCatchingUp && comparing.isEmpty && repairing.isEmpty && window.isIdle && !isLagging
  }

  private var isDone: Bool { isSettled && proving.isDone }
}
