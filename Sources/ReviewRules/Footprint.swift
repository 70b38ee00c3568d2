// What a mutation names outright: the keys that its rule will read whatever they hold, so that one load brings them all.
import ReviewModel
import Trust

enum Footprint {
  static func keys(of mutation: Mutation, context: RuleContext) -> [EntityKey] {
    var keys = named(by: mutation, context: context)
    if case .enrolDevice = mutation { return keys }
    if !context.actor.isServer { keys += [.member(context.actor.member), .device(context.actor.device)] }
    return keys
  }

  /// How many outcomes a refusal of the whole repeats: one for each target, one where there is no list of a fair length.
  static func targetCount(of mutation: Mutation) -> Int {
    let count =
      switch mutation {
      case .withdraw(let body): body.subjects.count
      case .erase(let body): body.targets.count
      case .delegate(let body): body.subjects.count
      case .submit(let body): body.targets.count
      case .decide(let body): body.targets.count
      case .resume(let body): body.pauses.count
      default: 1
      }
    return (1...RuleLimits.targets).contains(count) ? count : 1
  }

  private static func named(by mutation: Mutation, context: RuleContext) -> [EntityKey] {
    let tenant = EntityKey.tenant(context.tenant)
    switch mutation {
    case .createTenant, .nameRoot: return [tenant]
    case .inviteMember(let body): return [tenant, .member(body.member), .invitation(body.inviteKey)]
    case .enrolDevice(let body):
      return [tenant, .device(body.publicKey.fingerprint)]
        + [body.inviteKey.map { .invitation($0) }, body.oldDevice.map { .device($0) }].compactMap { $0 }
    case .vouchDevice(let body): return [.device(body.device)]
    case .setRoles(let body): return [.member(body.member)]
    case .revokeDevice(let body): return [.device(body.device)]
    case .setPolicy(let body): return [body.campaign.map { .campaign($0) } ?? tenant]
    case .createCampaign(let body): return [.campaign(body.campaign)] + limited(body.members.map { .member($0) })
    case .setCampaignMembers(let body): return [.campaign(body.campaign)] + limited(body.members.map { .member($0) })
    case .createItem, .createDocument, .stageBatch, .importBatch, .revise, .merge, .withdraw, .erase:
      return namedContent(by: mutation, tenant: tenant)
    default: return namedReview(by: mutation, tenant: tenant)
    }
  }

  private static func namedContent(by mutation: Mutation, tenant: EntityKey) -> [EntityKey] {
    switch mutation {
    case .createItem(let body): return [tenant, .campaign(body.campaign)] + keys(of: body.item)
    case .createDocument(let body):
      return [tenant, .campaign(body.campaign), .subject(body.subject), .revision(body.revision)]
    case .stageBatch(let body):
      return [.batch(body.batch)] + (body.index < ImportBatch.stagesLimit ? [stage(body.batch, body.index)] : [])
    case .importBatch(let body):
      let count = min(body.stageCount, ImportBatch.stagesLimit)
      return [tenant, .batch(body.batch), .campaign(body.campaign)] + (0..<count).map { stage(body.batch, $0) }
    case .revise(let body):
      return [.subject(body.subject), .draft(body.subject), .revision(body.base), .revision(body.revision)]
    case .merge(let body):
      return [.subject(body.subject), .draft(body.subject), .revision(body.revision)]
        + limited(body.heads.map { .revision($0) })
    case .withdraw(let body): return limited(body.subjects.map { .subject($0) })
    case .erase(let body): return limited(body.targets.map(\.key))
    default: return []
    }
  }

  private static func namedReview(by mutation: Mutation, tenant: EntityKey) -> [EntityKey] {
    switch mutation {
    case .submit(let body):
      return [tenant] + limited(body.targets).flatMap { [.subject($0.subject), .draft($0.subject), .revision($0.revision)] }
    case .decide(let body):
      return limited(body.targets).flatMap { target in
        [.subject(target.subject), .decision(target.decision)] + limited(target.replaces).map { .decision($0) }
      }
    case .withdrawDecision(let body): return [.subject(body.subject), .decision(body.decision)]
    case .comment(let body): return [.subject(body.subject), .thread(body.thread), .comment(body.comment)]
    case .editComment(let body): return [.comment(body.comment)]
    case .resolveThread(let body): return [.thread(body.thread)]
    case .assignReviewer(let body): return [.subject(body.subject)] + limited(body.members.map { .member($0) })
    case .delegate(let body): return limited(body.subjects.map { .subject($0) }) + [.member(body.member)]
    case .pause(let body): return [.pause(body.pause)]
    case .resume(let body): return limited(body.pauses.map { .pause($0) })
    default: return []
    }
  }

  static func keys(of item: NewItem) -> [EntityKey] {
    [.item(item.item)] + item.posts.flatMap { [.subject($0.subject), .revision($0.revision)] }
  }

  static func stage(_ batch: BatchID, _ index: UInt32) -> EntityKey {
    .stage(batch, index: UInt16(truncatingIfNeeded: index))
  }

  /// Nothing is loaded for a list that its rule refuses for its length.
  private static func limited<Element>(_ list: [Element]) -> [Element] {
    list.count <= RuleLimits.membersNamed ? list : []
  }
}
