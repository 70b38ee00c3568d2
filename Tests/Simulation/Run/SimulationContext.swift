// What every part of a run shares: time, chance, the trace, the plan, the totals and the auditors.
import ReviewModel
import Trust

final class SimulationContext {
  /// When virtual time is 0, in milliseconds since 1970.
  static let epochMilliseconds: UInt64 = 1_770_000_000_000

  let plan: SimulationPlan
  let timeline = Timeline()
  let random: SeededRandom
  let trace: Trace
  let tenant: TenantID
  let serverKey: SigningKey
  let serverName = "simulated.example"
  let diskRandom: SeededRandom
  var totals = SimulationTotals()
  /// Nobody works, nothing strikes and nobody wakes by himself before this moment.
  var awayUntil: UInt64 = 0
  let answers = AnswerAudit()
  let promises = PromiseAudit()
  /// What sessions may stop for, because a fault gave the reason.
  var excuses = Excuses()
  /// Some program is newer than the others and says more than they know.
  var hasUnknownFields = false

  init(plan: SimulationPlan, trace: Trace) {
    self.plan = plan
    self.trace = trace
    random = SeededRandom(seed: plan.seed)
    diskRandom = SeededRandom(seed: plan.seed ^ 0xD15C)
    tenant = random.identifier()
    serverKey = random.key()
  }

  var now: UInt64 { timeline.now }

  func has(_ bug: PlantedBug) -> Bool { plan.bug == bug }

  func note(_ who: String, _ what: @autoclosure () -> String) { trace.note(timeline.now, who, what()) }

  func after(_ milliseconds: UInt64, _ action: @escaping Timeline.Action) { timeline.after(milliseconds, action) }
}

/// Faults that explain what would be a violation without them.
struct Excuses {
  /// Device ids (SHA-256 of the key) that two copies use, or whose files went back in time.
  var copied: Set<Digest> = []
  var revoked: Set<Digest> = []
  /// The server came up from an old copy.
  var hasRolledBack = false
  /// A row was lost from a cache on purpose.
  var hasLostRows = false
  /// A disk has changed something that waited to be sent.
  var hasDamage = false
  /// The changes of which not everything is left that was said.
  var damaged: Set<MutationID> = []
  /// Nothing is in anybody's way any more.
  var isHealthy = false
  /// The server has forgotten departures that somebody had not heard of: digests must find out.
  var hasForgottenDepartures = false

  /// Rows were lost or departures forgotten; or a server that came up from an old copy has made other rows under the same
  /// numbers.
  var explainsRepair: Bool { hasLostRows || hasForgottenDepartures || hasRolledBack }
}
