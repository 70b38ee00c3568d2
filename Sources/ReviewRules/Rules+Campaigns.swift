// Campaigns: beginning them, and who belongs to them.
import ReviewModel
import Trust

extension Rules {
  static func createCampaign(_ body: CreateCampaign, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin, .editor)
    // As with `setPolicy`: whoever makes content does not say what clears it.
    if body.policy != nil { try attempt.requireRole(.admin) }
    try attempt.requireFree([.campaign(body.campaign)])
    var campaign = CampaignEntity()
    campaign.id = body.campaign
    let name = try attempt.parts.name(body.name)
    campaign.name = name.text
    campaign.partDigests = name.partDigests
    if let digest = body.brief {
      let brief = try attempt.parts.text(digest, kind: .brief, byteLimit: RuleLimits.textByteCount)
      campaign.brief = brief.text
      campaign.partDigests += brief.partDigests
    }
    if let policy = body.policy { try requireValid(policy) }
    campaign.policy = body.policy
    try requireKnown(body.members, &attempt)
    campaign.includesEveryone = body.includesEveryone
    campaign.members = body.members
    attempt.write(.campaign(campaign), in: .campaign(campaign.id))
    return .applied()
  }

  static func setCampaignMembers(_ body: SetCampaignMembers, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    var campaign = try attempt.visibleCampaign(body.campaign)
    try attempt.requireRole(.admin, .editor)
    try requireKnown(body.members, &attempt)
    guard campaign.includesEveryone != body.includesEveryone || campaign.members != body.members else {
      throw .refused(.nothingChanged)
    }
    campaign.includesEveryone = body.includesEveryone
    campaign.members = body.members
    attempt.write(.campaign(campaign), in: .campaign(campaign.id))
    return .applied()
  }

  private static func requireKnown(_ members: [MemberID], _ attempt: inout Attempt) throws(Halt) {
    guard members.count <= RuleLimits.membersNamed else { throw .refused(.tooManyTargets) }
    guard Set(members).count == members.count else { throw .refused(.malformed) }
    try attempt.require(members.map { .member($0) })
    for id in members {
      guard let member = try attempt.member(id), !member.isRemoved else { throw .refused(.notFound) }
    }
  }

  /// Between 1 and 20 approvals; only those who can decide can be required.
  static func requireValid(_ policy: ApprovalPolicy) throws(Halt) {
    guard (1...ApprovalPolicy.approvalsLimit).contains(policy.approvals),
      Set(policy.requiredRoles).count == policy.requiredRoles.count,
      !policy.requiredRoles.contains(.viewer), !policy.requiredRoles.contains(.service)
    else { throw .refused(.policyInvalid) }
  }
}
