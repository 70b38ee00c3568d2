// A tenant in memory with people who sign: what tests of deciding begin with.
import ReviewModel
import Storage
import SyncProtocol
import Trust

@testable import SyncEngine

/// A device that signs its lanes in order, as a real one does.
struct BenchDevice {
  let key: SigningKey
  let member: MemberID
  let tenant: TenantID
  var positions: [UInt32: LanePosition] = [:]
  var checkpoint = SeenCheckpoint()
  private var lastID: UInt8 = 0

  init(seed: UInt8, member: MemberID, tenant: TenantID) throws {
    key = try requireKey(seed)
    self.member = member
    self.tenant = tenant
  }

  var id: Digest { key.publicKey.fingerprint }

  /// Signs the next envelope of the mutation's lane.
  mutating func sign(
    _ mutation: Mutation, parts: [Part] = [], mutationID: MutationID? = nil, number: UInt64? = nil, lane: UInt32? = nil
  ) throws -> PushedEnvelope {
    let lane = lane ?? mutation.lane
    let position = positions[lane] ?? LanePosition(number: 0, hash: .zero)
    lastID += 1
    var envelope = Envelope()
    envelope.mutationID = try mutationID ?? identifier(key.publicKey.bytes[0], lastID)
    envelope.tenant = tenant
    envelope.device = id
    envelope.lane = lane
    envelope.number = number ?? position.number + 1
    envelope.previousHash = position.hash
    envelope.clock = HybridClock(wallMilliseconds: 1_000, counter: UInt32(lastID))
    envelope.checkpoint = checkpoint
    envelope.body = mutation.encoded()
    let signed = SignedEnvelope(envelope, signedBy: key)
    if number == nil { positions[lane] = LanePosition(number: envelope.number, hash: signed.hash) }
    return PushedEnvelope(envelope: signed, parts: parts.map(\.bytes))
  }

  func verified(_ pushed: PushedEnvelope) throws -> VerifiedEnvelope {
    try VerifiedEnvelope.check(pushed, tenant: tenant, device: id, key: key.publicKey)
  }
}

struct BenchError: Error {}

func requireKey(_ seed: UInt8) throws -> SigningKey {
  guard let key = SigningKey(seed: Array(repeating: seed, count: 32)) else { throw BenchError() }
  return key
}

func identifier<Kind>(_ first: UInt8, _ second: UInt8 = 0) throws -> Identifier<Kind> {
  guard let id = Identifier<Kind>([first, second] + Array(repeating: 7, count: 14)) else { throw BenchError() }
  return id
}

func salt(_ byte: UInt8) -> [UInt8] { Array(repeating: byte, count: Part.saltByteCount) }

/// A tenant whose ledger begins with the server, an admin who is also editor, and a reviewer.
struct LedgerBench {
  let store: MemoryTenantStore
  let tenant: TenantID
  let identity: LedgerIdentity
  var committer: LedgerCommitter
  var server: BenchDevice
  var admin: BenchDevice
  var reviewer: BenchDevice
  var now: UInt64 = 1_000_000

  init(tenantByte: UInt8 = 1) throws {
    tenant = try identifier(tenantByte)
    let epoch: EpochID = try identifier(tenantByte, 9)
    store = MemoryTenantStore(tenant: tenant, epoch: epoch)
    server = try BenchDevice(seed: 200, member: .zero, tenant: tenant)
    admin = try BenchDevice(seed: 10 + tenantByte, member: identifier(tenantByte, 1), tenant: tenant)
    reviewer = try BenchDevice(seed: 60 + tenantByte, member: identifier(tenantByte, 2), tenant: tenant)
    identity = LedgerIdentity(
      origin: LedgerIdentity.origin(serverName: "bench", tenant: tenant, epoch: epoch), serverDevice: server.id)
    committer = LedgerCommitter(store: store, identity: identity)
    let name = Part.text("Praxis", kind: .name, salt: salt(1))
    var genesis = CreateTenant()
    genesis.tenant = tenant
    genesis.serverKey = server.key.publicKey
    genesis.epoch = epoch
    genesis.name = name.digest
    try expectApplied(commitServer(.createTenant(genesis), [name]))
    admin = try enrol(admin, roles: [.admin, .editor], seed: 110)
    reviewer = try enrol(reviewer, roles: [.reviewer], seed: 111)
  }

  /// Invites by the server and enrols; answers the device as it is afterwards.
  mutating func enrol(_ newcomer: BenchDevice, roles: [Role], seed: UInt8) throws -> BenchDevice {
    var device = newcomer
    let inviteKey = try requireKey(seed)
    let name = Part.text("Somebody", kind: .name, salt: salt(seed))
    var invite = InviteMember()
    invite.member = device.member
    invite.roles = roles
    invite.inviteKey = inviteKey.publicKey
    invite.name = name.digest
    try expectApplied(commitServer(.inviteMember(invite), [name]))
    let (mutation, part) = enrolment(of: device, with: inviteKey)
    let envelope = try device.verified(device.sign(mutation, parts: [part]))
    try expectApplied(commit([envelope])[0])
    return device
  }

  func enrolment(of device: BenchDevice, with inviteKey: SigningKey) -> (Mutation, Part) {
    var vouching = InvitationVouching()
    vouching.tenant = tenant
    vouching.inviteKey = inviteKey.publicKey
    vouching.deviceKey = device.key.publicKey
    let part = Part.text("Laptop", kind: .name, salt: salt(3))
    var body = EnrolDevice()
    body.publicKey = device.key.publicKey
    body.name = part.digest
    body.inviteKey = inviteKey.publicKey
    body.inviteSignature = inviteKey.sign(vouching.encoded(), as: .invitation)
    return (.enrolDevice(body), part)
  }

  mutating func commitServer(_ mutation: Mutation, _ parts: [Part]) throws -> SubmissionResult {
    let envelope = try server.verified(server.sign(mutation, parts: parts))
    return try commit([envelope])[0]
  }

  /// Decides and writes one group.
  @discardableResult
  mutating func commit(_ group: [VerifiedEnvelope]) throws -> [SubmissionResult] {
    now += 1_000
    let decision = try committer.decide(group, nowMilliseconds: now)
    if let batch = decision.batch {
      try store.write(batch)
      committer.committed(decision)
    }
    return decision.results
  }

  func expectApplied(_ result: SubmissionResult) throws {
    guard case .answered(let answer) = result, answer.outcome.status == .applied else { throw BenchError() }
  }

  // MARK: Content

  static func campaign(_ id: CampaignID, everyone: Bool = true) -> (Mutation, [Part]) {
    let name = Part.text("Spring", kind: .name, salt: salt(5))
    var body = CreateCampaign()
    body.campaign = id
    body.name = name.digest
    body.includesEveryone = everyone
    return (.createCampaign(body), [name])
  }

  static func item(_ id: ItemID, post: SubjectID, campaign: CampaignID, author: MemberID, submits: Bool) -> (Mutation, [Part]) {
    let content = Part.item(ItemContent(theme: "Flu", canonicalText: "Get your shot"), salt: salt(6))
    var revision = RevisionContent()
    revision.subject = post
    revision.target = PostTarget(platform: "mastodon")
    revision.authors = [author]
    revision.text = "Get your flu shot"
    let part = Part.revision(revision, salt: salt(7))
    var new = NewPost()
    new.subject = post
    new.target = revision.target
    new.revision = part.digest
    var body = CreateItem()
    body.campaign = campaign
    body.item.item = id
    body.item.content = content.digest
    body.item.posts = [new]
    body.submits = submits
    return (.createItem(body), [content, part])
  }
}

extension SubmissionResult {
  var answer: Answer? { if case .answered(let answer) = self { answer } else { nil } }
  var outcome: Outcome? { answer?.outcome }
}
