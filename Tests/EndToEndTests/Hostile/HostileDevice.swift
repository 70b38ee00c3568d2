// A device that is really enrolled and holds its own key, so that it can sign what no honest client would.
import OutboundHTTP
import ProcessHarness
import ReviewModel
import SyncProtocol
import Trust

struct HostileDevice: Sendable {
  let key = SigningKey.generate()
  let code: InvitationCode
  private(set) var member = MemberID.zero
  private(set) var origin = ""
  private(set) var number: UInt64 = 0
  private(set) var previousHash = Digest.zero

  var id: Digest { key.publicKey.fingerprint }

  init(code text: String) throws {
    guard let code = InvitationCode(text: text) else { throw HarnessError("a code that cannot be read: \(text)") }
    self.code = code
  }

  /// A new member's device, enrolled.
  static func enrolled(on ground: HostileGround, role: String = "editor") async throws -> HostileDevice {
    var device = try HostileDevice(code: try await ground.practice.invite("Mallory", role: role))
    let request = try device.enrolment()
    let answer = try await ground.http(
      "POST", "/v1/enrol", contentType: WireEncoding.binary.mediaType, body: try request.encoded(as: .binary))
    guard answer.status == 200 else { throw HarnessError("not enrolled: \(answer.status)") }
    let response = try EnrolResponse(answer.body, as: .binary)
    device.member = response.member
    device.origin = response.origin
    return device
  }

  /// What would enrol it; `inviteKey` signs the vouching in place of the invitation's own key.
  mutating func enrolment(vouchedBy forger: SigningKey? = nil) throws -> EnrolRequest {
    guard let inviteKey = SigningKey(seed: code.seed) else { throw HarnessError("the code has no seed") }
    var vouching = InvitationVouching()
    vouching.tenant = code.tenant
    vouching.inviteKey = inviteKey.publicKey
    vouching.deviceKey = key.publicKey
    let name = Part.text("Laptop", kind: .name, salt: Self.salt())
    var body = EnrolDevice()
    body.publicKey = key.publicKey
    body.name = name.digest
    body.inviteKey = inviteKey.publicKey
    body.inviteSignature = (forger ?? inviteKey).sign(vouching.encoded(), as: .invitation)
    return EnrolRequest(tenant: code.tenant, envelope: sign(.enrolDevice(body), parts: [name]))
  }

  // MARK: Signing

  /// Signs the next envelope of lane 1. `change` may spoil it before it is signed, `forger` sign in place of the device.
  mutating func sign(
    _ mutation: Mutation, parts: [Part] = [], forger: SigningKey? = nil, change: (inout Envelope) -> Void = { _ in }
  ) -> PushedEnvelope {
    var envelope = Envelope()
    envelope.mutationID = Self.identifier()
    envelope.tenant = code.tenant
    envelope.device = id
    envelope.number = number + 1
    envelope.previousHash = previousHash
    envelope.body = mutation.encoded()
    change(&envelope)
    let signed = SignedEnvelope(envelope, signedBy: forger ?? key)
    number += 1
    previousHash = signed.hash
    return PushedEnvelope(envelope: signed, parts: parts.map(\.bytes))
  }

  mutating func campaign(
    _ id: CampaignID = identifier(), forger: SigningKey? = nil, change: (inout Envelope) -> Void = { _ in }
  ) -> PushedEnvelope {
    let name = Part.text("Spring", kind: .name, salt: Self.salt())
    var body = CreateCampaign()
    body.campaign = id
    body.name = name.digest
    body.includesEveryone = true
    return sign(.createCampaign(body), parts: [name], forger: forger, change: change)
  }

  /// A post, with the key under which its revision can be fetched.
  mutating func post(in campaign: CampaignID, text: String) -> (envelope: PushedEnvelope, revision: EntityKey) {
    let content = Part.item(ItemContent(theme: "Flu", canonicalText: "Flu"), salt: Self.salt())
    var revision = RevisionContent()
    revision.subject = Self.identifier()
    revision.target = PostTarget(platform: "mastodon")
    revision.authors = [member]
    revision.text = text
    let part = Part.revision(revision, salt: Self.salt())
    var new = NewPost()
    new.subject = revision.subject
    new.target = revision.target
    new.revision = part.digest
    var body = CreateItem()
    body.campaign = campaign
    body.item.item = Self.identifier()
    body.item.content = content.digest
    body.item.posts = [new]
    return (sign(.createItem(body), parts: [content, part]), .revision(part.digest))
  }

  static func identifier<Kind>() -> Identifier<Kind> { Identifier<Kind>(RandomBytes.make(count: 16)) ?? .zero }

  private static func salt() -> [UInt8] { RandomBytes.make(count: Part.saltByteCount) }
}
