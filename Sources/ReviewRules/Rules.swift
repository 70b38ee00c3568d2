// What may change, and what wins: the same code decides on the server and predicts on the device.
// Pure: no clock, no randomness, no store. It reads through a working set and asks for what it misses.
import ReviewModel
import Trust

/// What came of one attempt.
package enum RuleStep: Sendable {
  /// Nothing was written; load these (absent ones too) and call again.
  case needs([EntityKey])
  case decided(Decided)
}

/// A decided mutation; what it wrote is in the working set.
package struct Decided: Sendable {
  package var outcome: Outcome
  /// Every key that was looked at, absent ones too.
  package var read: Set<EntityKey>
  package var written: Set<EntityKey>
  /// The subjects, policy holders, members and devices that the ledger's record links, ascending.
  package var touched: [EntityKey]
  /// Parts whose words were erased.
  package var erasedParts: Set<Digest> = []
  /// Whether words that it rests on were erased since, so that what was recorded was taken for it.
  package var restsOnRecord = false
}

package enum Rules {
  /// Named by every outcome's record in the ledger. It changes whenever the same input may give another outcome.
  package static let version: UInt32 = 1

  /// Decides an envelope's body. What is not canonical is refused `malformed`, a kind of a newer version `unsupported`.
  package static func decide(
    _ body: [UInt8], parts: PartSet, context: RuleContext, in set: inout WorkingSet
  ) -> RuleStep {
    do {
      switch try Mutation.decode(body) {
      case .known(let mutation): return decide(mutation, parts: parts, context: context, in: &set)
      case .unsupported: return refusal(.unsupported)
      }
    } catch {
      return refusal(.malformed)
    }
  }

  package static func decide(
    _ mutation: Mutation, parts: PartSet, context: RuleContext, in set: inout WorkingSet
  ) -> RuleStep {
    var attempt = Attempt(context: context, parts: parts)
    swap(&attempt.base, &set)
    let outcome = outcome(of: mutation, &attempt)
    swap(&attempt.base, &set)
    guard attempt.missing.isEmpty else { return .needs(attempt.missing) }
    if let refusal = attempt.refusalOnRecord { return .decided(refusal) }
    for key in attempt.writeOrder { set.write(key, attempt.writes[key] ?? nil) }
    return .decided(
      Decided(
        outcome: outcome, read: attempt.read, written: Set(attempt.writeOrder), touched: attempt.touched.sorted(),
        erasedParts: attempt.erasedParts, restsOnRecord: attempt.hasMissedWords && context.recorded != nil))
  }

  private static func refusal(_ code: RefusalCode) -> RuleStep {
    .decided(Decided(outcome: .rejected(code), read: [], written: [], touched: []))
  }

  private static func outcome(of mutation: Mutation, _ attempt: inout Attempt) -> Outcome {
    attempt.want(Footprint.keys(of: mutation, context: attempt.context))
    guard attempt.missing.isEmpty else { return Outcome(targets: []) }
    do {
      try requireActor(for: mutation, &attempt)
      let outcome = try apply(mutation, &attempt)
      try attempt.requireFairSizes()
      return outcome
    } catch {
      guard case .refused(let refusal) = error else { return Outcome(targets: []) }
      attempt.discardWrites()
      return Outcome(targets: Array(repeating: refusal, count: Footprint.targetCount(of: mutation)))
    }
  }

  /// The member is there and the device is its own and not revoked.
  private static func requireActor(for mutation: Mutation, _ attempt: inout Attempt) throws(Halt) {
    let actor = attempt.context.actor
    switch mutation {
    case .enrolDevice: return
    case .createTenant where actor.isServer: return
    case .inviteMember where actor.isServer: return
    default: break
    }
    guard !actor.isServer else { throw .refused(.notPermitted) }
    guard let member = try attempt.member(actor.member), !member.isRemoved,
      let device = try attempt.device(actor.device), device.member == actor.member
    else { throw .refused(.notAMember) }
    guard !device.isRevoked else { throw .parked(.deviceRevoked) }
    attempt.member = member
    attempt.touch(.member(member.id))
    attempt.touch(.device(device.id))
  }

  private static func apply(_ mutation: Mutation, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    switch mutation {
    case .createTenant(let body): try createTenant(body, &attempt)
    case .nameRoot(let body): try nameRoot(body, &attempt)
    case .inviteMember(let body): try inviteMember(body, &attempt)
    case .enrolDevice(let body): try enrolDevice(body, &attempt)
    case .vouchDevice(let body): try vouchDevice(body, &attempt)
    case .setRoles(let body): try setRoles(body, &attempt)
    case .revokeDevice(let body): try revokeDevice(body, &attempt)
    case .setPolicy(let body): try setPolicy(body, &attempt)
    case .createCampaign(let body): try createCampaign(body, &attempt)
    case .setCampaignMembers(let body): try setCampaignMembers(body, &attempt)
    case .createItem(let body): try createItem(body, &attempt)
    case .createDocument(let body): try createDocument(body, &attempt)
    case .stageBatch(let body): try stageBatch(body, &attempt)
    case .importBatch(let body): try importBatch(body, &attempt)
    case .revise(let body): try revise(body, &attempt)
    case .merge(let body): try merge(body, &attempt)
    case .withdraw(let body): try withdraw(body, &attempt)
    case .erase(let body): try erase(body, &attempt)
    case .submit(let body): try submit(body, &attempt)
    case .decide(let body): try decide(body, &attempt)
    case .withdrawDecision(let body): try withdrawDecision(body, &attempt)
    case .comment(let body): try comment(body, &attempt)
    case .editComment(let body): try editComment(body, &attempt)
    case .resolveThread(let body): try resolveThread(body, &attempt)
    case .assignReviewer(let body): try assignReviewer(body, &attempt)
    case .delegate(let body): try delegate(body, &attempt)
    case .pause(let body): try pause(body, &attempt)
    case .resume(let body): try resume(body, &attempt)
    }
  }
}
