// The table of roles, line by line: who may do it, and that everybody else is refused and changes nothing.
import ReviewModel
import ReviewRules
import Testing
import Trust

/// One line of the table.
struct Permission: Sendable, CustomTestStringConvertible {
  var what: String
  var roles: Set<Role>
  var act: @Sendable (inout World, Person) throws -> Outcome

  var testDescription: String { what }
}

@Suite struct RolesTests {
  private static let agent = World.person("Agent, service")
  /// Each has this role and no other.
  private static let people: [Role: Person] = [
    .admin: World.ada, .editor: World.edda, .reviewer: World.rolf, .viewer: World.vera, .service: agent,
  ]

  static let table = content + review + administration

  /// A campaign that everybody sees, so that nothing is refused because it cannot be seen, drafts aside.
  private static func world() -> World {
    var world = World.populated(policy: ApprovalPolicy(approvals: 1))
    world.welcome(agent, roles: [.service], invitedBy: World.ada)
    var members = SetCampaignMembers()
    members.campaign = World.campaign
    members.includesEveryone = true
    world.act(World.ada, .setCampaignMembers(members))
    return world
  }

  @Test(arguments: table, Role.allCases)
  func `a role may do what the table says, and is refused everything else`(permission: Permission, role: Role) throws {
    var world = Self.world()
    let person = try #require(Self.people[role])
    let outcome = try permission.act(&world, person)
    let isPermitted = permission.roles.contains(role)
    #expect((outcome.status != .rejected) == isPermitted, "\(outcome)")
    guard !isPermitted else { return }
    #expect(outcome.code == .notPermitted || outcome.code == .notFound, "\(outcome)")
    #expect(world.lastChanges.isEmpty)
  }

  private static let content: [Permission] = [
    Permission(what: "create a campaign", roles: [.admin, .editor]) { world, person in
      world.createCampaign(world.newID(), by: person, members: [])
    },
    Permission(what: "say who sees a campaign", roles: [.admin, .editor]) { world, person in
      var body = SetCampaignMembers()
      body.campaign = World.campaign
      body.members = [World.rita.id]
      return world.act(person, .setCampaignMembers(body))
    },
    Permission(what: "create an item", roles: [.admin, .editor]) { world, person in
      world.create(world.newItem(by: person), by: person)
    },
    Permission(what: "stage a batch", roles: [.admin, .editor]) { world, person in
      world.stage(world.newID(), index: 0, by: person).1
    },
    Permission(what: "revise", roles: [.admin, .editor]) { world, person in
      try world.revise(world.post(), by: person, text: "Drink enough tea.")
    },
    Permission(what: "merge", roles: [.admin, .editor]) { world, person in
      let subject = try world.conflictedPost()
      return try world.merge(subject, heads: world.subject(subject).heads, by: person, text: "Drink something.")
    },
    Permission(what: "submit", roles: [.admin, .editor]) { world, person in
      try world.submit(world.post(submitted: false), by: person)
    },
    Permission(what: "withdraw", roles: [.admin, .editor]) { world, person in world.withdraw([world.post()], by: person) },
  ]

  private static let review: [Permission] = [
    Permission(what: "decide", roles: [.reviewer]) { world, person in
      try world.decide(.approve, on: world.post(), by: person)
    },
    Permission(what: "ask somebody to decide", roles: [.admin, .editor]) { world, person in
      world.assign([World.rita], to: world.post(), by: person)
    },
    Permission(what: "pass the asking on", roles: [.reviewer]) { world, person in
      world.delegate([world.post()], to: World.ruth, by: person)
    },
    Permission(what: "talk among editors", roles: [.admin, .editor]) { world, person in
      let body = world.commenting(world.post(), isInternal: true, text: "She never likes this.")
      return world.act(person, .comment(body))
    },
    Permission(what: "resolve a thread", roles: [.admin, .editor, .reviewer]) { world, person in
      let body = world.commenting(world.post(), text: "Is the dose right?")
      world.act(World.rita, .comment(body))
      return world.resolve(body.thread, by: person)
    },
    Permission(what: "pause", roles: [.admin, .editor, .reviewer]) { world, person in
      world.pause(world.newID(), by: person)
    },
  ]

  private static let administration: [Permission] = [
    Permission(what: "resume", roles: [.admin]) { world, person in
      let pause: PauseID = world.newID()
      world.pause(pause, by: World.rita)
      return world.resume([pause], by: person)
    },
    Permission(what: "invite", roles: [.admin]) { world, person in
      world.invite(World.person("Nina"), roles: [.viewer], by: person, inviteKey: World.key("invite for Nina"))
    },
    Permission(what: "set roles", roles: [.admin]) { world, person in world.setRoles(of: World.ruth, [.viewer], by: person) },
    Permission(what: "revoke somebody's device", roles: [.admin]) { world, person in
      world.revoke(World.ruth.device, by: person)
    },
    Permission(what: "vouch for somebody's device", roles: [.admin]) { world, person in
      let newcomer = World.person("Nina")
      world.welcome(newcomer, roles: [.reviewer], invitedBy: nil)
      return world.vouch(for: newcomer.device, by: person)
    },
    Permission(what: "name the root", roles: [.admin]) { world, person in world.nameRoot(by: person) },
    Permission(what: "set the policy", roles: [.admin]) { world, person in
      world.setPolicy(ApprovalPolicy(approvals: 3), by: person)
    },
    Permission(what: "erase", roles: [.admin]) { world, person in
      let subject = world.post()
      let head = try world.head(subject)
      world.withdraw([subject])
      return world.erase([.revision(head)], by: person)
    },
  ]
}
