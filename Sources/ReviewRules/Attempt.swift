// One attempt at deciding one mutation: reads through the working set, keeps its writes apart until it is complete.
import ReviewModel
import Trust

/// Why a rule stopped before its end.
enum Halt: Error {
  /// Something it must read is not loaded yet; the attempt knows what.
  case incomplete
  case refused(TargetOutcome)

  static func refused(_ code: RefusalCode, current: Digest? = nil) -> Halt {
    .refused(TargetOutcome(status: .rejected, code: code, current: current))
  }

  static func parked(_ code: RefusalCode) -> Halt {
    .refused(TargetOutcome(status: .parked, code: code))
  }
}

/// Reads are noted, absent ones too; writes lie over the working set and reach it only if the attempt is decided.
struct Attempt {
  let context: RuleContext
  let parts: PartSet
  /// The working set is lent to the attempt, so that nothing is copied.
  var base = WorkingSet()
  private(set) var read: Set<EntityKey> = []
  private(set) var touched: Set<EntityKey> = []
  private(set) var missing: [EntityKey] = []
  private var missingKeys: Set<EntityKey> = []
  private(set) var writes: [EntityKey: Entity?] = [:]
  private(set) var writeOrder: [EntityKey] = []
  /// The acting member as it is known; set by the check of the actor.
  var member = MemberEntity()
  /// Which of the targets is being decided.
  private(set) var position = 0
  /// Whether the target that is being decided, or the whole, needs words that are erased.
  var missesWords: Bool {
    didSet { hasMissedWords = hasMissedWords || missesWords }
  }
  private(set) var hasMissedWords: Bool
  private(set) var erasedParts: Set<Digest> = []

  init(context: RuleContext, parts: PartSet) {
    self.context = context
    self.parts = parts
    missesWords = !parts.erased.isEmpty
    hasMissedWords = missesWords
  }

  var now: UInt64 { context.nowMilliseconds }

  // MARK: Reading

  /// Notes that these will be read, so that all that is missing is asked for at once.
  mutating func want(_ keys: [EntityKey]) {
    for key in keys { _ = note(key) }
  }

  /// Like `want`, and stops here if anything is missing.
  mutating func require(_ keys: [EntityKey]) throws(Halt) {
    var isComplete = true
    for key in keys where !note(key) { isComplete = false }
    guard isComplete else { throw .incomplete }
  }

  /// What the key holds, nil if nothing.
  mutating func entity(_ key: EntityKey) throws(Halt) -> Entity? {
    guard note(key) else { throw .incomplete }
    return writes[key] ?? base.current(key)
  }

  mutating func isTaken(_ key: EntityKey) throws(Halt) -> Bool { try entity(key) != nil }

  mutating func requireFree(_ keys: [EntityKey]) throws(Halt) {
    try require(keys)
    for key in keys where try isTaken(key) { throw .refused(.idTaken) }
  }

  /// Whether it is known what the key holds.
  private mutating func note(_ key: EntityKey) -> Bool {
    read.insert(key)
    if writes[key] != nil || base.holds(key) { return true }
    if missingKeys.insert(key).inserted { missing.append(key) }
    return false
  }

  // MARK: Writing

  mutating func write(_ value: EntityValue, in scope: Scope) {
    let entity = Entity(scope: scope, value: value)
    put(entity.key, entity)
    touch(entity.key)
  }

  /// A mutation that is refused as a whole has written nothing.
  mutating func discardWrites() {
    writes = [:]
    writeOrder = []
    erasedParts = []
  }

  /// A part that is not kept.
  mutating func forget(_ part: Digest) { erasedParts.insert(part) }

  /// Takes an entity's words away; the parts that they came in go with it.
  mutating func eraseWords(of entity: Entity) {
    write(entity.value.withoutWords, in: entity.scope)
    erasedParts.formUnion(entity.value.partDigests)
  }

  mutating func remove(_ key: EntityKey) { put(key, nil) }

  private mutating func put(_ key: EntityKey, _ entity: Entity?) {
    if writes.updateValue(entity, forKey: key) == nil { writeOrder.append(key) }
  }

  // MARK: What the ledger links

  /// Notes that the decision rests on this. Never called for what the member may not see.
  mutating func touch(_ key: EntityKey) {
    switch key.kind {
    case .subject, .tenant, .campaign, .member, .device: touched.insert(key)
    default: break
    }
  }

  mutating func leaveOutOfTouched(_ keys: [EntityKey]) { touched.subtract(keys) }

  // MARK: Targets

  /// Decides each target for itself; a refused one has no effect on the others. A target writes only after the last
  /// thing that can refuse it.
  mutating func each<Target>(
    _ targets: [Target], _ decide: (inout Attempt, Target) throws(Halt) -> TargetOutcome
  ) -> Outcome {
    var outcomes: [TargetOutcome] = []
    for (place, target) in targets.enumerated() {
      position = place
      missesWords = false
      do {
        outcomes.append(try decide(&self, target))
      } catch {
        // An incomplete attempt is thrown away as a whole, so its outcome does not matter.
        if case .refused(let outcome) = error { outcomes.append(outcome) }
      }
    }
    return Outcome(targets: outcomes)
  }
}
