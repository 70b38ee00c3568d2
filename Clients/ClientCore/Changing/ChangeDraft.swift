// A mutation before it is queued, and how a command's mutations are predicted, trimmed of what the rules refuse, and
// appended in one transaction.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Synchronization
import Trust

/// One mutation that a command wants to make.
struct ChangeDraft {
  var mutation: Mutation
  var parts: [Part]
  /// Whether it is kept, without the others, if only some of its targets are refused.
  var isSplittable: Bool

  init(_ mutation: Mutation, parts: [Part] = [], isSplittable: Bool = false) {
    self.mutation = mutation
    self.parts = parts
    self.isSplittable = isSplittable
  }

  /// The same with only these of its targets; nil if none is left.
  func keeping(_ isKept: [Bool]) -> ChangeDraft? {
    func kept<Element>(_ list: [Element]) -> [Element] { zip(list, isKept).filter(\.1).map(\.0) }
    var copy = self
    switch mutation {
    case .decide(var body):
      body.targets = kept(body.targets)
      copy.mutation = .decide(body)
      return body.targets.isEmpty ? nil : copy
    case .submit(var body):
      body.targets = kept(body.targets)
      copy.mutation = .submit(body)
      return body.targets.isEmpty ? nil : copy
    case .withdraw(var body):
      body.subjects = kept(body.subjects)
      copy.mutation = .withdraw(body)
      return body.subjects.isEmpty ? nil : copy
    case .erase(var body):
      body.targets = kept(body.targets)
      copy.mutation = .erase(body)
      return body.targets.isEmpty ? nil : copy
    case .delegate(var body):
      body.subjects = kept(body.subjects)
      copy.mutation = .delegate(body)
      return body.subjects.isEmpty ? nil : copy
    case .resume(var body):
      body.pauses = kept(body.pauses)
      copy.mutation = .resume(body)
      return body.pauses.isEmpty ? nil : copy
    default: return isKept.contains(true) ? self : nil
    }
  }
}

extension Profile {
  /// What the rules make of drafts on the view of this device.
  struct Prediction {
    /// With what was let through played on it.
    var replay: Replay
    var mutations: [QueuedMutation] = []
    var results: [ChangeResult] = []
  }

  /// Predicts the drafts one after the other on the view, and queues what the rules let through, all of it at once.
  func change(_ drafts: [ChangeDraft]) throws(ClientError) -> ChangeReport {
    let cache = try currentView()
    let keeper = try keeper()
    let before = try storing { try keeper.currentPosition() }
    var prediction = try predict(drafts, on: cache)
    try append(prediction.mutations, replay: &prediction.replay, keeper: keeper, before: before)
    return ChangeReport(mutations: prediction.mutations.map(\.mutationID.hex), results: prediction.results)
  }

  func predict(_ drafts: [ChangeDraft], on cache: any CacheStore) throws(ClientError) -> Prediction {
    var replay = Replay(actor: actor)
    var queued: [QueuedMutation] = []
    var results: [ChangeResult] = []
    // One moment for all: it marks what one command queued.
    let now = environment.nowMilliseconds()
    for draft in drafts {
      let mutation = queuedMutation(draft, now: now)
      try Self.requireFit(mutation)
      let untouched = replay
      let outcome = try storing { try replay.play(mutation) { keys throws(StorageError) in try cache.view(keys) } }
      // Who is nobody's member here may only not have heard of it yet.
      if outcome.targets.contains(where: { $0.code == .notAMember }) { try requireFetched() }
      let targets = MutationDescription(mutation).targets
      let accepted = outcome.targets.map { $0.status == .applied || $0.status == .staged }
      try Self.requireVerified(draft.mutation, accepted, on: cache)
      results += zip(targets, outcome.targets).map { target, predicted in
        predicted.status == .applied || predicted.status == .staged
          ? OutcomeReading.result(target.asMade(predicted.result), status: "queued", code: nil, exit: 0)
          : OutcomeReading.result(target, predicted)
      }
      if accepted.allSatisfy({ $0 }) {
        queued.append(mutation)
        continue
      }
      // What the rules refuse is not queued, and must leave no trace in the view.
      replay = untouched
      guard draft.isSplittable, let rest = draft.keeping(accepted) else { continue }
      let kept = queuedMutation(rest, now: now)
      _ = try storing { try replay.play(kept) { keys throws(StorageError) in try cache.view(keys) } }
      queued.append(kept)
    }
    return Prediction(replay: replay, mutations: queued, results: results)
  }

  /// Queues mutations and makes the view show them.
  func append(
    _ queued: [QueuedMutation], replay: inout Replay, keeper: ViewKeeper, before: OverlayPosition
  ) throws(ClientError) {
    guard !queued.isEmpty else { return }
    let affected = try storing { try keeper.append(queued, replay: &replay, before: before) }
    observers.changed(affected)
    _ = environment.files.poke(paths.poke)
  }

  func queuedMutation(_ draft: ChangeDraft, now: UInt64) -> QueuedMutation {
    let clock = state.withLock { state in
      state.clock = state.clock.advanced(toWallMilliseconds: now)
      return state.clock
    }
    return QueuedMutation(
      mutationID: newID(), lane: draft.mutation.lane, body: draft.mutation.encoded(), parts: draft.parts, clock: clock,
      queuedMilliseconds: now)
  }

  func newID<Kind>() -> Identifier<Kind> { Identifier(environment.randomBytes(16)) ?? .zero }

  func newPart(_ text: String, _ kind: PartKind) -> Part {
    Part.text(text, kind: kind, salt: environment.randomBytes(Part.saltByteCount))
  }

  /// An envelope with its parts must fit into one frame: what is too long is said now, not after a sync.
  private static let envelopeHeadBytes = 1 << 10

  static func requireFit(_ mutation: QueuedMutation) throws(ClientError) {
    let bytes = mutation.parts.reduce(mutation.body.count) { $0 + $1.bytes.count }
    guard bytes + envelopeHeadBytes <= Envelope.withPartsByteLimit else {
      throw ClientError(.badInput, "This is too long to be sent.", remedy: "Shorten it to less than 58 KiB in all.")
    }
  }
}
