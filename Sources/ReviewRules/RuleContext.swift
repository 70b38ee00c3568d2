// Who asks, and when: everything that the rules take from outside the entities.
import ReviewModel
import Trust

/// Whose signature a mutation carries.
package struct Actor: Sendable, Hashable {
  /// For `enrolDevice` and for the server itself this is not looked at and may be zero.
  package var member: MemberID
  /// SHA-256 of the public key that signed.
  package var device: Digest
  /// Whether the server's own key signed: the genesis entry and server-vouched invitations.
  package var isServer: Bool

  package init(member: MemberID, device: Digest, isServer: Bool = false) {
    self.member = member
    self.device = device
    self.isServer = isServer
  }
}

/// What was decided once, where a ledger is replayed whose words were erased since.
package struct RecordedDecision: Sendable, Hashable {
  package var outcome: Outcome
  package var touched: [EntityKey]

  package init(_ record: LeafRecord) {
    outcome = record.outcome
    outcome.isCheckpointDisputed = false
    touched = record.touched.map(\.key)
  }
}

/// The circumstances of one mutation.
package struct RuleContext: Sendable {
  package var tenant: TenantID
  package var actor: Actor
  package var mutationID: MutationID
  /// The device's own clock, from the envelope. Nothing is ordered by it.
  package var clock: HybridClock
  /// The time of whoever decides, in milliseconds since 1970.
  package var nowMilliseconds: UInt64
  /// The ledger entry that is being made; nil when a device predicts.
  package var ledgerIndex: UInt64?
  /// Only in a replay: it stands where words that deciding needs were erased since.
  package var recorded: RecordedDecision?

  package init(
    tenant: TenantID, actor: Actor, mutationID: MutationID, clock: HybridClock, nowMilliseconds: UInt64, ledgerIndex: UInt64?
  ) {
    self.tenant = tenant
    self.actor = actor
    self.mutationID = mutationID
    self.clock = clock
    self.nowMilliseconds = nowMilliseconds
    self.ledgerIndex = ledgerIndex
  }
}
