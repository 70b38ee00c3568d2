// Which scopes a member's devices are granted.
import ReviewModel
import ReviewRules
import Testing

@Suite struct VisibilityTests {
  private func campaign(_ id: CampaignID, everyone: Bool = false, members: [MemberID] = []) -> CampaignEntity {
    var campaign = CampaignEntity()
    campaign.id = id
    campaign.includesEveryone = everyone
    campaign.members = members
    return campaign
  }

  private func scopes(_ role: Role, removed: Bool = false, _ campaigns: [CampaignEntity]) -> Set<Scope> {
    var member = MemberEntity()
    member.id = World.rita.id
    member.roles = [role]
    member.isRemoved = removed
    return Visibility.grantedScopes(member: member, campaigns: campaigns)
  }

  private var own: Set<Scope> { [.tenant, .member(World.rita.id)] }

  @Test func `a reviewer and a viewer read the campaigns that include them`() {
    let campaigns = [campaign(World.campaign, members: [World.rita.id]), campaign(World.otherCampaign)]
    for role in [Role.reviewer, .viewer] {
      #expect(scopes(role, campaigns) == own.union([.campaign(World.campaign)]))
    }
  }

  @Test func `an editor reads what is internal there too`() {
    let campaigns = [campaign(World.campaign, everyone: true), campaign(World.otherCampaign)]
    #expect(
      scopes(.editor, campaigns) == own.union([.campaign(World.campaign), .campaignInternal(World.campaign)]))
  }

  @Test func `an admin reads every campaign`() {
    let campaigns = [campaign(World.campaign), campaign(World.otherCampaign)]
    #expect(scopes(.admin, campaigns).count == 6)
  }

  @Test func `who was removed reads nothing, and staging is granted to nobody`() {
    let campaigns = [campaign(World.campaign, everyone: true)]
    #expect(scopes(.admin, removed: true, campaigns).isEmpty)
    for role in Role.allCases { #expect(scopes(role, campaigns).filter { !$0.isGrantable }.isEmpty) }
  }
}
