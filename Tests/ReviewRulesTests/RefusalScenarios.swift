// For every code that the rules can answer with: one short story that ends in it.
import ReviewModel
import ReviewRules
import Trust

enum RefusalScenarios {
  /// Codes that later layers answer with: the ledger (`idReused`, `serverFault`), a device policy, and compliance.
  static let elsewhere: Set<RefusalCode> = [.idReused, .serverFault, .serverVouchedRefused, .blocked]

  static func outcome(of code: RefusalCode, in world: inout World) throws -> Outcome? {
    switch code.rawValue {
    case ..<20: try aboutTheMutation(code, &world)
    case ..<40: try aboutWhoAsks(code, &world)
    case ..<49: try aboutTheSubject(code, &world)
    case ..<55: try aboutWhatIsSaid(code, &world)
    default: try aboutTheRest(code, &world)
    }
  }

  private static func aboutTheMutation(_ code: RefusalCode, _ world: inout World) throws -> Outcome? {
    let actor = Actor(member: World.emil.id, device: World.emil.device)
    switch code {
    case .malformed: return world.act(actor, [0x08])
    case .unsupported: return world.act(actor, [0x9A, 0x06, 0x00])
    case .idTaken:
      let item = world.newItem(by: World.emil)
      let parts = world.parts
      world.create(item, by: World.emil)
      world.parts = parts
      return world.create(item, by: World.emil)
    case .partMissing:
      let item = world.newItem(by: World.emil)
      world.parts = []
      return world.create(item, by: World.emil)
    case .partMismatch:
      var item = world.newItem(by: World.emil)
      item.content = world.text("Not an item's content", .comment)
      return world.create(item, by: World.emil)
    case .tooManyTargets: return world.withdraw((0..<101).map { World.id(of: "\($0)") })
    case .mixedCampaigns: return world.withdraw([world.post(), world.post(in: World.otherCampaign)])
    case .tooLarge:
      let long = String(repeating: "w", count: RuleLimits.textByteCount + 1)
      return try world.revise(world.post(), text: long)
    default: return nil
    }
  }

  private static func aboutWhoAsks(_ code: RefusalCode, _ world: inout World) throws -> Outcome? {
    switch code {
    case .notPermitted: return world.withdraw([world.post()], by: World.rita)
    case .notAMember: return world.withdraw([world.post()], by: World.person("Nobody"))
    case .deviceRevoked:
      world.revoke(World.emil.device)
      return world.withdraw([World.id(of: "any")])
    case .selfApproval:
      world.setRoles(of: World.emil, [.editor, .reviewer])
      return try world.decide(.approve, on: world.post(), by: World.emil)
    case .roleLost:
      world.setRoles(of: World.rita, [.viewer])
      return try world.decide(.approve, on: world.post(), by: World.rita)
    default: return nil
    }
  }

  private static func aboutTheSubject(_ code: RefusalCode, _ world: inout World) throws -> Outcome? {
    let subject = world.post(submitted: code != .notSubmitted)
    let head = try world.head(subject)
    switch code {
    case .notFound: return try world.decide(.approve, on: subject, by: World.olga)
    case .staleRevision:
      try world.revise(subject, text: "Drink enough tea.")
      return try world.decide(.approve, on: subject, by: World.rita, revision: head)
    case .notSubmitted:
      world.setRoles(of: World.edda, [.editor, .reviewer])
      return try world.decide(.approve, on: subject, by: World.edda)
    case .alreadySubmitted: return try world.submit(subject)
    case .withdrawn:
      world.withdraw([subject])
      return try world.decide(.approve, on: subject, by: World.rita)
    case .conflicted: return try world.submit(try world.conflictedPost())
    case .notConflicted: return try world.merge(subject, heads: [head], text: "Mine")
    case .headsMoved:
      let conflicted = try world.conflictedPost()
      let heads = try world.subject(conflicted).heads
      try world.revise(conflicted, base: heads[1], by: World.edda, text: "Drink enough milk.")
      return try world.merge(conflicted, heads: heads, text: "Drink something.")
    case .unknownBase:
      let body = try world.revised(subject, base: head, by: World.emil) { $0.parents = [.zero] }
      var moved = body
      moved.base = .zero
      return world.act(World.emil, .revise(moved))
    default: return nil
    }
  }

  private static func aboutWhatIsSaid(_ code: RefusalCode, _ world: inout World) throws -> Outcome? {
    let subject = world.post()
    let decision: DecisionID = world.newID()
    let remark = world.commenting(subject, text: "Fine")
    world.act(World.rita, .comment(remark))
    try world.decide(.reject, on: subject, by: World.rita, id: decision)
    switch code {
    case .nothingChanged: return try world.revise(subject, text: "Drink enough water.")
    case .reasonRequired:
      let body = world.deciding(.reject, on: subject, try world.head(subject), reason: " \n")
      return world.act(World.rolf, .decide(body))
    case .decisionNotStanding:
      world.withdrawDecision(decision, on: subject, by: World.rita)
      return world.withdrawDecision(decision, on: subject, by: World.rita)
    case .notOwnDecision: return try world.decide(.approve, on: subject, by: World.rolf, replaces: [decision])
    case .notOwnComment: return world.edit(remark.comment, by: World.rolf, text: "Not fine")
    case .alreadyResolved:
      world.resolve(remark.thread, by: World.rita)
      return world.resolve(remark.thread, by: World.rita)
    default: return nil
    }
  }

  private static func aboutTheRest(_ code: RefusalCode, _ world: inout World) throws -> Outcome? {
    let batch: BatchID = world.newID()
    let invite = World.key("invite for Nina")
    switch code {
    case .policyInvalid: return world.setPolicy(ApprovalPolicy(approvals: 0))
    case .nameRequired: return world.createCampaign(world.newID(), by: World.emil, members: [], name: "\t")
    case .stageMissing: return world.importBatch(batch, [], stageCount: 1)
    case .stageMismatch:
      _ = world.stage(batch, index: 0)
      return world.importBatch(batch, [], stageCount: 1)
    case .batchTooLarge: return world.stage(batch, index: ImportBatch.stagesLimit).1
    case .alreadyNamed:
      world.nameRoot()
      return world.nameRoot()
    case .invitationInvalid: return world.enrol(World.key("laptop"), with: invite)
    case .invitationUsed:
      world.invite(World.person("Nina"), roles: [.viewer], by: World.ada, inviteKey: invite)
      world.enrol(World.key("laptop"), with: invite)
      return world.enrol(World.key("second laptop"), with: invite)
    case .alreadyEnrolled: return world.enrol(World.rita.key, vouchedBy: World.rita.key)
    case .pauseNotFound: return world.resume([world.newID()])
    case .cannotDecide: return world.delegate([world.post()], to: World.vera, by: World.rita)
    case .emptyContent: return try world.revise(world.post(), text: "  ")
    case .erased:
      let remark = world.commenting(world.post(), text: "Mrs Huber takes it")
      world.act(World.rita, .comment(remark))
      world.erase([.comment(remark.comment)])
      return world.edit(remark.comment, by: World.rita, text: "A patient takes it")
    case .stillCurrent:
      let post = world.post()
      return try world.erase([.revision(world.head(post))])
    default: return nil
    }
  }
}
