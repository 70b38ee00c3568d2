// Who may read what: the only place that says it.
import ReviewModel

package enum Visibility {
  /// Every scope that a device of this member is granted, given all campaigns of the tenant.
  package static func grantedScopes(member: MemberEntity, campaigns: [CampaignEntity]) -> Set<Scope> {
    guard !member.isRemoved else { return [] }
    var scopes: Set<Scope> = [.tenant, .member(member.id)]
    for campaign in campaigns {
      for scope in [Scope.campaign(campaign.id), .campaignInternal(campaign.id)] where canRead(scope, member, campaign) {
        scopes.insert(scope)
      }
    }
    return scopes
  }

  /// Whether the campaign includes the member: admins belong to all.
  package static func includes(_ member: MemberEntity, in campaign: CampaignEntity) -> Bool {
    guard !member.isRemoved else { return false }
    return member.roles.contains(.admin) || campaign.includesEveryone || campaign.members.contains(member.id)
  }

  /// Whether the member may read this scope of this campaign.
  package static func canRead(_ scope: Scope, _ member: MemberEntity, _ campaign: CampaignEntity) -> Bool {
    switch scope {
    case .campaign(campaign.id): includes(member, in: campaign)
    case .campaignInternal(campaign.id): includes(member, in: campaign) && worksInternally(member)
    default: false
    }
  }

  /// Drafts and internal talk are for those who make content.
  package static func worksInternally(_ member: MemberEntity) -> Bool {
    member.roles.contains(.admin) || member.roles.contains(.editor)
  }
}
