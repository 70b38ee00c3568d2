// The people of the small world and how they come into it.
import ReviewModel
import ReviewRules
import Trust

extension World {
  static let ada = person("Ada, admin")
  static let emil = person("Emil, editor")
  static let edda = person("Edda, editor")
  static let rita = person("Dr Rita, reviewer")
  static let rolf = person("Dr Rolf, reviewer")
  static let ruth = person("Dr Ruth, reviewer")
  static let vera = person("Vera, viewer")
  /// A reviewer of the tenant who is not in the campaign.
  static let olga = person("Dr Olga, elsewhere")
  static let campaign = CampaignID(hex: "cccccccccccccccccccccccccccccccc") ?? .zero
  static let otherCampaign = CampaignID(hex: "dddddddddddddddddddddddddddddddd") ?? .zero

  var server: Actor { Actor(member: .zero, device: serverKey.publicKey.fingerprint, isServer: true) }

  /// The tenant with its first admin, two editors, four reviewers, a viewer and two campaigns.
  static func populated(policy: ApprovalPolicy = ApprovalPolicy(approvals: 2)) -> World {
    var world = World()
    world.createTenant(policy: policy)
    world.welcome(ada, roles: [.admin], invitedBy: nil)
    for editor in [emil, edda] { world.welcome(editor, roles: [.editor], invitedBy: ada) }
    for reviewer in [rita, rolf, ruth, olga] { world.welcome(reviewer, roles: [.reviewer], invitedBy: ada) }
    world.welcome(vera, roles: [.viewer], invitedBy: ada)
    let members = [emil, edda, rita, rolf, ruth, vera].map(\.id)
    world.createCampaign(campaign, by: ada, members: members)
    world.createCampaign(otherCampaign, by: ada, members: [emil.id, rita.id])
    return world
  }

  @discardableResult
  mutating func createTenant(policy: ApprovalPolicy = ApprovalPolicy(), by actor: Actor? = nil) -> Outcome {
    var body = CreateTenant()
    body.tenant = tenant
    body.serverKey = serverKey.publicKey
    body.name = text("Practice at the Lake", .name)
    body.policy = policy
    return act(actor ?? server, .createTenant(body))
  }

  @discardableResult
  mutating func invite(
    _ person: Person, roles: [Role], by inviter: Person?, inviteKey: SigningKey, name: String? = nil
  ) -> Outcome {
    var body = InviteMember()
    body.member = person.id
    body.roles = roles
    body.inviteKey = inviteKey.publicKey
    body.name = text(name ?? person.name, .name)
    if let inviter { return act(inviter, .inviteMember(body)) }
    return act(server, .inviteMember(body))
  }

  @discardableResult
  mutating func enrol(_ device: SigningKey, with inviteKey: SigningKey, signedBy signer: SigningKey? = nil) -> Outcome {
    var statement = InvitationVouching()
    statement.tenant = tenant
    statement.inviteKey = inviteKey.publicKey
    statement.deviceKey = device.publicKey
    var body = EnrolDevice()
    body.publicKey = device.publicKey
    body.name = text("Laptop", .name)
    body.inviteKey = inviteKey.publicKey
    body.inviteSignature = (signer ?? inviteKey).sign(statement.encoded(), as: .invitation)
    return act(Actor(member: .zero, device: device.publicKey.fingerprint), .enrolDevice(body))
  }

  /// A member's old device vouches for the next one.
  @discardableResult
  mutating func enrol(_ device: SigningKey, vouchedBy old: SigningKey) -> Outcome {
    var statement = DeviceVouching()
    statement.tenant = tenant
    statement.oldDevice = old.publicKey.fingerprint
    statement.deviceKey = device.publicKey
    var body = EnrolDevice()
    body.publicKey = device.publicKey
    body.name = text("Second laptop", .name)
    body.oldDevice = old.publicKey.fingerprint
    body.oldDeviceSignature = old.sign(statement.encoded(), as: .deviceVouching)
    return act(Actor(member: .zero, device: device.publicKey.fingerprint), .enrolDevice(body))
  }

  mutating func welcome(_ person: Person, roles: [Role], invitedBy inviter: Person?) {
    let inviteKey = Self.key("invite \(person.name)")
    invite(person, roles: roles, by: inviter, inviteKey: inviteKey)
    enrol(person.key, with: inviteKey)
  }

  @discardableResult
  mutating func setRoles(of person: Person, _ roles: [Role], by admin: Person = ada) -> Outcome {
    var body = SetRoles()
    body.member = person.id
    body.roles = roles
    return act(admin, .setRoles(body))
  }

  @discardableResult
  mutating func revoke(_ device: Digest, by person: Person = ada) -> Outcome {
    var body = RevokeDevice()
    body.device = device
    return act(person, .revokeDevice(body))
  }

  @discardableResult
  mutating func vouch(for device: Digest, by person: Person = ada) -> Outcome {
    var body = VouchDevice()
    body.device = device
    return act(person, .vouchDevice(body))
  }

  /// No mutation removes members yet, so the store is told.
  mutating func remove(_ person: Person) throws {
    var member = try member(person)
    member.isRemoved = true
    put(.tenant, .member(member))
  }

  func member(_ person: Person) throws -> MemberEntity {
    guard case .member(let value) = store[.member(person.id)]?.value else { throw Missing.entity }
    return value
  }

  func device(_ id: Digest) throws -> DeviceEntity {
    guard case .device(let value) = store[.device(id)]?.value else { throw Missing.entity }
    return value
  }

  @discardableResult
  mutating func setPolicy(_ policy: ApprovalPolicy, campaign: CampaignID? = nil, by person: Person = ada) -> Outcome {
    var body = SetPolicy()
    body.campaign = campaign
    body.policy = policy
    return act(person, .setPolicy(body))
  }

  @discardableResult
  mutating func nameRoot(by person: Person = ada, signedBy signer: SigningKey? = nil) -> Outcome {
    var body = NameRoot()
    body.root.tenant = tenant
    body.root.rootKey = person.key.publicKey
    body.root.recoveryKey = Self.key("recovery").publicKey
    body.serverSignature = (signer ?? serverKey).sign(body.root.encoded(), as: .rootNaming)
    return act(person, .nameRoot(body))
  }
}
