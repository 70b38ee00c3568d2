// The tenant, its members, their devices and what they are trusted with.
import ReviewModel
import ReviewRules
import Testing
import Trust

@Suite struct PeopleTests {
  @Test func `only the server's key makes a tenant, once`() {
    var world = World()
    let stranger = Actor(member: .zero, device: World.ada.device, isServer: true)
    #expect(world.createTenant(by: stranger) == .rejected(.notPermitted))
    #expect(world.createTenant().status == .applied)
    #expect(world.createTenant() == .rejected(.idTaken))
  }

  @Test func `the server's key does nothing but found and invite`() {
    var world = World.populated()
    #expect(world.act(world.server, .resume(Resume())) == .rejected(.notPermitted))
    let other = Actor(member: .zero, device: World.ada.device, isServer: true)
    var body = InviteMember()
    body.inviteKey = World.key("x").publicKey
    body.name = world.text("X", .name)
    #expect(world.act(other, .inviteMember(body)) == .rejected(.notPermitted))
  }

  @Test func `the binding of a device says on whose word it rests`() throws {
    let world = World.populated()
    #expect(try world.device(World.ada.device).binding == .serverVouched)
    #expect(try world.device(World.rita.device).binding == .adminSigned)
    #expect(try world.device(World.rita.device).member == World.rita.id)
  }

  @Test func `an admin's word makes a server-vouched device good, but not for the admin's own`() throws {
    var world = World.populated()
    let newcomer = World.person("Nina")
    world.welcome(newcomer, roles: [.reviewer], invitedBy: nil)
    #expect(world.vouch(for: newcomer.device, by: World.rita) == .rejected(.notPermitted))
    #expect(world.vouch(for: newcomer.device).status == .applied)
    #expect(try world.device(newcomer.device).binding == .adminSigned)
    #expect(world.vouch(for: newcomer.device) == .rejected(.nothingChanged))
    #expect(world.vouch(for: World.ada.device) == .rejected(.notPermitted))
  }

  @Test func `an invitation works once and only with its own key's word`() {
    var world = World.populated()
    let invite = World.key("invite for Nina")
    world.invite(World.person("Nina"), roles: [.viewer], by: World.ada, inviteKey: invite)
    let device = World.key("Nina's laptop")
    #expect(world.enrol(device, with: invite, signedBy: World.key("a thief")) == .rejected(.invitationInvalid))
    #expect(world.enrol(device, with: invite).status == .applied)
    #expect(world.enrol(device, with: invite) == .rejected(.alreadyEnrolled))
    #expect(world.enrol(World.key("another laptop"), with: invite) == .rejected(.invitationUsed))
    #expect(world.enrol(World.key("third"), with: World.key("never invited")) == .rejected(.invitationInvalid))
  }

  @Test func `a further invitation leaves name and roles as they are`() throws {
    var world = World.populated()
    let invite = World.key("second device for Rita")
    #expect(world.invite(World.rita, roles: [.admin], by: World.ada, inviteKey: invite, name: "R").status == .applied)
    let device = World.key("Rita's phone")
    world.enrol(device, with: invite)
    #expect(try world.device(device.publicKey.fingerprint).member == World.rita.id)
    #expect(try world.member(World.rita).roles == [.reviewer])
    #expect(try world.member(World.rita).name == World.rita.name)
  }

  @Test func `only admins invite`() {
    var world = World.populated()
    let outcome = world.invite(World.person("Nina"), roles: [.admin], by: World.emil, inviteKey: World.key("k"))
    #expect(outcome == .rejected(.notPermitted))
  }

  @Test func `revoking a device covers those it vouched for`() throws {
    var world = World.populated()
    let second = World.key("Rita's second")
    let third = World.key("Rita's third")
    #expect(world.enrol(second, vouchedBy: World.rita.key).status == .applied)
    #expect(world.enrol(third, vouchedBy: second).status == .applied)
    #expect(try world.device(third.publicKey.fingerprint).binding == .deviceVouched)
    #expect(world.revoke(World.rita.device).status == .applied)
    for key in [World.rita.key, second, third] {
      #expect(try world.device(key.publicKey.fingerprint).isRevoked)
    }
    #expect(world.enrol(World.key("fourth"), vouchedBy: third) == .rejected(.deviceRevoked))
  }

  @Test func `a device that an admin vouched for outlives the one that introduced it`() throws {
    var world = World.populated()
    let second = World.key("Rita's second")
    world.enrol(second, vouchedBy: World.rita.key)
    world.vouch(for: second.publicKey.fingerprint)
    world.revoke(World.rita.device)
    #expect(try !world.device(second.publicKey.fingerprint).isRevoked)
  }

  @Test func `a member's new device revokes the old one and stays`() throws {
    var world = World.populated()
    let second = World.key("Rita's second")
    world.enrol(second, vouchedBy: World.rita.key)
    var body = RevokeDevice()
    body.device = World.rita.device
    let actor = Actor(member: World.rita.id, device: second.publicKey.fingerprint)
    #expect(world.act(actor, .revokeDevice(body)).status == .applied)
    #expect(try !world.device(second.publicKey.fingerprint).isRevoked)
  }

  @Test func `who may revoke what`() {
    var world = World.populated()
    #expect(world.revoke(World.rolf.device, by: World.rita) == .rejected(.notPermitted))
    #expect(world.revoke(World.rita.device, by: World.rita) == .rejected(.notPermitted))
    #expect(world.revoke(World.id32("unknown"), by: World.rita) == .rejected(.notFound))
    #expect(world.revoke(World.rolf.device).status == .applied)
    #expect(world.revoke(World.rolf.device) == .rejected(.nothingChanged))
  }

  @Test func `a device that was revoked before it was known stays out`() {
    var world = World.populated()
    let device = World.key("Nina's laptop")
    let invite = World.key("invite for Nina")
    world.invite(World.person("Nina"), roles: [.viewer], by: World.ada, inviteKey: invite)
    #expect(world.revoke(device.publicKey.fingerprint).status == .applied)
    #expect(world.enrol(device, with: invite) == .rejected(.deviceRevoked))
  }

  @Test func `there is always an admin`() {
    var world = World.populated()
    #expect(world.setRoles(of: World.ada, [.editor]) == .rejected(.notPermitted))
    #expect(world.setRoles(of: World.emil, [.admin]).status == .applied)
    #expect(world.setRoles(of: World.ada, [.editor], by: World.emil).status == .applied)
    #expect(world.setRoles(of: World.emil, [.editor], by: World.ada) == .rejected(.notPermitted))
  }

  @Test func `roles that were lost are remembered until they come back`() throws {
    var world = World.populated()
    world.setRoles(of: World.rita, [.viewer])
    #expect(try world.member(World.rita).formerRoles == [.reviewer])
    world.setRoles(of: World.rita, [.reviewer, .editor])
    #expect(try world.member(World.rita).formerRoles == [.viewer])
  }

  @Test func `a removed member is no member`() throws {
    var world = World.populated()
    let subject = world.post()
    try world.remove(World.rita)
    #expect(try world.decide(.approve, on: subject, by: World.rita) == .rejected(.notAMember))
  }

  @Test func `nobody acts with somebody else's device`() {
    var world = World.populated()
    let mixed = Actor(member: World.ada.id, device: World.rita.device)
    #expect(world.act(mixed, .resume(Resume())) == .rejected(.notAMember))
  }

  @Test func `the root is named once, by an admin's own device, with the server's word`() {
    var world = World.populated()
    #expect(world.nameRoot(by: World.emil) == .rejected(.notPermitted))
    #expect(world.nameRoot(signedBy: World.key("not the server")) == .rejected(.notPermitted))
    #expect(world.nameRoot().status == .applied)
    #expect(world.nameRoot() == .rejected(.alreadyNamed))
  }

  @Test func `a policy must be one that can be met`() {
    var world = World.populated()
    let bad = [
      ApprovalPolicy(approvals: 0), ApprovalPolicy(approvals: 21), ApprovalPolicy(approvals: 1, requiredRoles: [.viewer]),
      ApprovalPolicy(approvals: 1, requiredRoles: [.admin, .admin]),
    ]
    for policy in bad { #expect(world.setPolicy(policy) == .rejected(.policyInvalid)) }
    #expect(world.setPolicy(ApprovalPolicy(approvals: 20)).status == .applied)
    #expect(world.setPolicy(ApprovalPolicy(approvals: 1), by: World.emil) == .rejected(.notPermitted))
  }

  @Test func `only an admin gives a new campaign a policy of its own`() {
    var world = World.populated()
    let lenient = ApprovalPolicy(approvals: 1, rejectionIsAdvisory: true)
    let campaign: CampaignID = world.newID()
    #expect(world.createCampaign(campaign, by: World.emil, members: [], policy: lenient) == .rejected(.notPermitted))
    #expect(world.lastChanges.isEmpty)
    #expect(world.createCampaign(campaign, by: World.emil, members: []).status == .applied, "the tenant's policy binds")
    let own: CampaignID = world.newID()
    #expect(world.createCampaign(own, by: World.ada, members: [], policy: lenient).status == .applied)
  }
}

@Suite struct PolicyBytesTests {
  @Test func `a policy is read as it was written, defaults included`() throws {
    var policy = ApprovalPolicy(approvals: 3)
    policy.perPost = false
    #expect(try ApprovalPolicy(canonical: policy.encoded()) == policy)
    policy.approvals = 0
    #expect(try ApprovalPolicy(canonical: policy.encoded()) == policy)
    #expect(try ApprovalPolicy(canonical: ApprovalPolicy().encoded()) == ApprovalPolicy())
  }
}

extension World {
  static func id32(_ name: String) -> Digest { SHA256.hash(Array(name.utf8)) }
}
