// Who does what: campaigns, who belongs to them, roles, policies, and who is asked.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Workload {
  func createCampaign(everyone: Bool, members: [MemberID]) -> [Draft] {
    let name = text(.name, words: 2)
    var body = CreateCampaign()
    body.campaign = random.identifier()
    body.name = name.digest
    body.includesEveryone = everyone
    body.members = members
    return [Draft(mutation: .createCampaign(body), parts: [name])]
  }

  /// Rights come and go while everybody works.
  func administrate() throws -> [Draft] {
    let people = try members()
    switch random.below(6) {
    case 0:
      guard let campaign = random.pick(try campaigns()) else { return [] }
      var body = SetCampaignMembers()
      body.campaign = campaign.id
      body.includesEveryone = random.chance(permille: 300)
      body.members = people.map(\.id).filter { _ in random.chance(permille: 600) }
      return [Draft(mutation: .setCampaignMembers(body))]
    case 1:
      guard let member = random.pick(people.filter { !$0.roles.contains(.admin) }) else { return [] }
      var body = SetRoles()
      body.member = member.id
      body.roles = random.pick([[.editor], [.reviewer], [.editor, .reviewer], [.viewer]]) ?? [.viewer]
      return [Draft(mutation: .setRoles(body))]
    case 2:
      var body = SetPolicy()
      body.campaign = random.chance(permille: 500) ? random.pick(try campaigns())?.id : nil
      body.policy = ApprovalPolicy(approvals: UInt32(1 + random.below(2)))
      return [Draft(mutation: .setPolicy(body))]
    case 3 where try campaigns().count < 5:
      return createCampaign(everyone: random.chance(permille: 500), members: people.map(\.id))
    case 4, 5: return try erase()
    default: return []
    }
  }

  /// A reviewer passes on what waits, to whoever comes: some of them may not decide.
  func delegate() throws -> [Draft] {
    let open = try subjects().filter { $0.submission != nil }
    guard let first = random.pick(open), let delegate = random.pick(try members()) else { return [] }
    let others = open.filter { $0.campaign == first.campaign && $0.id != first.id && random.chance(permille: 200) }
    var body = Delegate()
    body.subjects = [first.id] + others.prefix(9).map(\.id)
    body.member = delegate.id
    return [Draft(mutation: .delegate(body))]
  }

  func assign() throws -> [Draft] {
    guard let subject = random.pick(try subjects()) else { return [] }
    var body = AssignReviewer()
    body.subject = subject.id
    body.members = try members().filter { $0.roles.contains(.reviewer) }.map(\.id)
    return [Draft(mutation: .assignReviewer(body))]
  }
}
