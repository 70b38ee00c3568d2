// A device as a client has it: a key, and the lanes that it signs.
import ReviewModel
import Storage
import SyncProtocol
import Trust

struct TestDevice: Sendable {
  let key = SigningKey.generate()
  let tenant: TenantID
  var member = MemberID.zero
  var positions: [UInt32: LanePosition] = [:]

  init(tenant: TenantID) throws { self.tenant = tenant }

  var id: Digest { key.publicKey.fingerprint }

  static func identifier<Kind>() throws -> Identifier<Kind> {
    guard let id = Identifier<Kind>(RandomBytes.make(count: 16)) else { throw BenchError("id") }
    return id
  }

  static func salt() -> [UInt8] { RandomBytes.make(count: Part.saltByteCount) }

  mutating func sign(_ mutation: Mutation, parts: [Part] = [], number: UInt64? = nil) throws -> PushedEnvelope {
    let position = positions[mutation.lane] ?? LanePosition(number: 0, hash: .zero)
    var envelope = Envelope()
    envelope.mutationID = try Self.identifier()
    envelope.tenant = tenant
    envelope.device = id
    envelope.lane = mutation.lane
    envelope.number = number ?? position.number + 1
    envelope.previousHash = position.hash
    envelope.body = mutation.encoded()
    let signed = SignedEnvelope(envelope, signedBy: key)
    if number == nil { positions[mutation.lane] = LanePosition(number: envelope.number, hash: signed.hash) }
    return PushedEnvelope(envelope: signed, parts: parts.map(\.bytes))
  }

  mutating func enrolment(_ code: InvitationCode, recoveryKey: PublicKey? = nil) throws -> EnrolRequest {
    guard let inviteKey = SigningKey(seed: code.seed) else { throw BenchError("seed") }
    var vouching = InvitationVouching()
    vouching.tenant = code.tenant
    vouching.inviteKey = inviteKey.publicKey
    vouching.deviceKey = key.publicKey
    let name = Part.text("Laptop", kind: .name, salt: Self.salt())
    var body = EnrolDevice()
    body.publicKey = key.publicKey
    body.name = name.digest
    body.inviteKey = inviteKey.publicKey
    body.inviteSignature = inviteKey.sign(vouching.encoded(), as: .invitation)
    return EnrolRequest(
      tenant: code.tenant, envelope: try sign(.enrolDevice(body), parts: [name]), recoveryKey: recoveryKey)
  }

  // MARK: What it says

  mutating func campaign(_ id: CampaignID, everyone: Bool = true) throws -> PushedEnvelope {
    let name = Part.text("Spring", kind: .name, salt: Self.salt())
    var body = CreateCampaign()
    body.campaign = id
    body.name = name.digest
    body.includesEveryone = everyone
    return try sign(.createCampaign(body), parts: [name])
  }

  mutating func item(in campaign: CampaignID, post: SubjectID, text: String = "Get your flu shot") throws -> PushedEnvelope {
    let (item, parts) = try newItem(post: post, text: text)
    var body = CreateItem()
    body.campaign = campaign
    body.item = item
    body.submits = true
    return try sign(.createItem(body), parts: parts)
  }

  /// The first and only stage of a batch.
  mutating func stage(_ batch: BatchID) throws -> PushedEnvelope {
    let (item, parts) = try newItem(post: Self.identifier(), text: "Come in for a check-up")
    var body = StageBatch()
    body.batch = batch
    body.items = [item]
    return try sign(.stageBatch(body), parts: parts)
  }

  private func newItem(post: SubjectID, text: String) throws -> (NewItem, [Part]) {
    let content = Part.item(ItemContent(theme: "Flu", canonicalText: text), salt: Self.salt())
    var revision = RevisionContent()
    revision.subject = post
    revision.target = PostTarget(platform: "mastodon")
    revision.authors = [member]
    revision.text = text
    let part = Part.revision(revision, salt: Self.salt())
    var new = NewPost()
    new.subject = post
    new.target = revision.target
    new.revision = part.digest
    var item = NewItem()
    item.item = try Self.identifier()
    item.content = content.digest
    item.posts = [new]
    return (item, [content, part])
  }

  mutating func revoke(_ device: Digest) throws -> PushedEnvelope {
    var body = RevokeDevice()
    body.device = device
    return try sign(.revokeDevice(body))
  }
}
