// What pending mutations make of the server's state: the same rules that decide on the server, run in enqueue order on a
// working set that is loaded as they ask.
import ReviewModel
import ReviewRules
import Storage
import Trust

/// Whose pending mutations are replayed.
package struct ReplayActor: Sendable, Hashable {
  package var tenant: TenantID
  package var member: MemberID
  package var device: Digest

  package init(tenant: TenantID, member: MemberID, device: Digest) {
    self.tenant = tenant
    self.member = member
    self.device = device
  }
}

/// One replay. What it reads comes from a loader; what it writes stays here until it is taken.
package struct Replay: Sendable {
  package let actor: ReplayActor
  private var set = WorkingSet()

  package init(actor: ReplayActor) { self.actor = actor }

  /// The outcome that the rules predict; its effects are in the replay.
  ///
  /// - Parameter load: what the keys hold; absent ones are absent from the answer.
  package mutating func play(
    _ mutation: QueuedMutation, load: ([EntityKey]) throws(StorageError) -> [EntityKey: StoredEntity]
  ) throws(StorageError) -> Outcome {
    let context = RuleContext(
      tenant: actor.tenant, actor: Actor(member: actor.member, device: actor.device), mutationID: mutation.mutationID,
      clock: mutation.clock, nowMilliseconds: mutation.queuedMilliseconds, ledgerIndex: nil)
    let parts = PartSet(mutation.parts)
    for _ in 0..<LedgerLimits.loadRounds {
      switch Rules.decide(mutation.body, parts: parts, context: context, in: &set) {
      case .decided(let decided): return decided.outcome
      case .needs(let keys):
        let found = try load(keys)
        for key in keys { set.load(key, found[key].flatMap { Self.entity(key, $0) }) }
      }
    }
    return .rejected(.serverFault)
  }

  /// What was written since the last take, as entries of an overlay.
  package mutating func takeOverlay() -> [EntityKey: OverlayEntry] {
    var entries: [EntityKey: OverlayEntry] = [:]
    for change in set.takeChanges() {
      guard let scope = change.after?.scope ?? change.before?.scope else { continue }
      entries[change.key] = OverlayEntry(scope: scope, payload: change.after?.value.payload)
    }
    return entries
  }

  /// A stored entity as a value; nil for what this version cannot read.
  package static func entity(_ key: EntityKey, _ stored: StoredEntity) -> Entity? {
    do {
      return Entity(scope: stored.scope, value: try EntityValue(kind: key.kind, payload: stored.payload))
    } catch {
      return nil
    }
  }
}
