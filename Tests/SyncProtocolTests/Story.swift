// One small story with fixed keys, ids and times, of which all golden bytes are made: an invited reviewer enrols,
// decides on a revision, and pauses.
import ReviewModel
import SyncProtocol
import Trust

enum Story {
  static func id<Kind>(_ number: UInt8) -> Identifier<Kind> { Identifier([UInt8](repeating: number, count: 16))! }
  static func digest(_ number: UInt8) -> Digest { Digest([UInt8](repeating: number, count: 32))! }
  static func key(_ number: UInt8) -> SigningKey { SigningKey(seed: [UInt8](repeating: number, count: 32))! }
  static func salt(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 32) }

  static let server = key(0x11)
  static let device = key(0x22)
  static let invite = key(0x33)
  static let recovery = key(0x44)

  static let tenant: TenantID = id(0x01)
  static let epoch: EpochID = id(0x02)
  static let member: MemberID = id(0x03)
  static let campaign: CampaignID = id(0x04)
  static let subject: SubjectID = id(0x05)
  static let origin = "countersign.example/\(tenant)/\(epoch)"

  static let content: RevisionContent = {
    var content = RevisionContent()
    content.subject = subject
    content.target = PostTarget(platform: "instagram", locale: "de")
    content.authors = [id(0x06)]
    content.text = "Grippe? Jetzt impfen."
    content.hashtags = ["#grippe"]
    return content
  }()

  static let revision = Part.revision(content, salt: salt(0x51))
  static let reason = Part.text("Please name the age groups.", kind: .reason, salt: salt(0x52))
  static let deviceName = Part.text("Laptop", kind: .name, salt: salt(0x53))

  static let seen = SeenCheckpoint(origin: origin, size: 2, root: root(of: 2))

  // MARK: Envelopes

  static func envelope(_ body: Mutation, number: UInt64, after previous: Digest, id mutation: UInt8) -> SignedEnvelope {
    var envelope = Envelope()
    envelope.mutationID = id(mutation)
    envelope.tenant = tenant
    envelope.device = device.publicKey.fingerprint
    envelope.lane = body.lane
    envelope.number = number
    envelope.previousHash = previous
    envelope.clock = HybridClock(wallMilliseconds: 1_780_000_000_000 + UInt64(mutation), counter: 0)
    envelope.body = body.encoded()
    return SignedEnvelope(envelope, signedBy: device)
  }

  static let vouching: InvitationVouching = {
    var vouching = InvitationVouching()
    vouching.tenant = tenant
    vouching.inviteKey = invite.publicKey
    vouching.deviceKey = device.publicKey
    return vouching
  }()

  static let enrolment: SignedEnvelope = {
    var body = EnrolDevice()
    body.publicKey = device.publicKey
    body.name = deviceName.digest
    body.inviteKey = invite.publicKey
    body.inviteSignature = invite.sign(vouching.encoded(), as: .invitation)
    return envelope(.enrolDevice(body), number: 1, after: .zero, id: 0x71)
  }()

  static let decision: SignedEnvelope = {
    var target = DecisionTarget()
    target.decision = id(0x07)
    target.subject = subject
    target.revision = revision.digest
    var body = Decide()
    body.verdict = .requestChanges
    body.reason = reason.digest
    body.targets = [target]
    return envelope(.decide(body), number: 2, after: enrolment.hash, id: 0x72)
  }()

  static let pause: SignedEnvelope = {
    var body = Pause()
    body.pause = id(0x08)
    return envelope(.pause(body), number: 1, after: .zero, id: 0x73)
  }()

  // MARK: The ledger

  static let leaves: [LeafRecord] = [
    leaf(digest(0x60), .applied(), touched: []),
    leaf(enrolment.hash, .applied(), touched: [(.device(device.publicKey.fingerprint), nil), (.member(member), 0)]),
    leaf(decision.hash, .applied(result: revision.digest), touched: [(.subject(subject), nil), (.member(member), 1)]),
    leaf(pause.hash, .rejected(.notPermitted), touched: []),
  ]

  private static func leaf(_ hash: Digest, _ outcome: Outcome, touched: [(EntityKey, UInt64?)]) -> LeafRecord {
    var record = LeafRecord()
    record.envelopeHash = hash
    record.outcome = outcome
    record.serverMilliseconds = 1_780_000_001_000
    record.rulesVersion = 1
    record.touched = touched.map { TouchedEntity(key: $0.0, previousIndex: $0.1) }.sorted { $0.key < $1.key }
    return record
  }

  private static let hashes = leaves.map { MerkleHash.leaf($0.encoded()) }

  /// Four leaves are few enough to write the tree down.
  static func root(of size: Int) -> Digest {
    switch size {
    case 2: MerkleHash.node(hashes[0], hashes[1])
    case 4: MerkleHash.node(root(of: 2), MerkleHash.node(hashes[2], hashes[3]))
    default: preconditionFailure("the story knows its log at sizes 2 and 4")
    }
  }

  /// Of the leaf at index 2 in the log of 4.
  static let inclusion = [hashes[3], root(of: 2)]
  /// From size 2 to size 4.
  static let consistency = [MerkleHash.node(hashes[2], hashes[3])]
  static let note = Checkpoint(origin: origin, size: 4, root: root(of: 4)).signed(by: server, name: "countersign.example")
}
