// The story's statements, answers and rows.
import ReviewModel
import SyncProtocol
import Trust

extension Story {
  static let transcript: SessionTranscript = {
    var transcript = SessionTranscript()
    transcript.clientNonce = digest(0xA1)
    transcript.serverNonce = digest(0xB2)
    transcript.minimumVersion = 1
    transcript.maximumVersion = 1
    transcript.chosenVersion = 1
    transcript.tenant = tenant
    transcript.device = device.publicKey.fingerprint
    transcript.serverKey = server.publicKey
    transcript.tlsCertificateDigest = digest(0xC3)
    return transcript
  }()

  static let proof = device.sign(transcript.encoded(), as: .sessionProof)

  static let rootNaming: RootNaming = {
    var naming = RootNaming()
    naming.tenant = tenant
    naming.rootKey = device.publicKey
    naming.recoveryKey = recovery.publicKey
    return naming
  }()

  static let deviceVouching: DeviceVouching = {
    var vouching = DeviceVouching()
    vouching.tenant = tenant
    vouching.oldDevice = device.publicKey.fingerprint
    vouching.deviceKey = key(0x23).publicKey
    return vouching
  }()

  static let certificate: CertificateStatement = {
    var statement = CertificateStatement()
    statement.serverKey = server.publicKey
    statement.certificateDigest = digest(0xC3)
    return statement
  }()

  static let invitation: InvitationCode = {
    var code = InvitationCode()
    code.url = "wss://countersign.example"
    code.tenant = tenant
    code.tenantName = "Praxis Muster"
    code.serverKey = server.publicKey
    code.rootFingerprint = rootNaming.fingerprint
    code.seed = invite.seed
    return code
  }()

  static let outcomesStatement: OutcomesStatement = {
    var receipt = OutcomeReceipt()
    receipt.number = 2
    receipt.envelopeHash = decision.hash
    receipt.leafHash = MerkleHash.leaf(leaves[2].encoded())
    receipt.ledgerIndex = 2
    var statement = OutcomesStatement()
    statement.origin = origin
    statement.tenant = tenant
    statement.device = device.publicKey.fingerprint
    statement.lane = 1
    statement.receipts = [receipt]
    return statement
  }()

  static let outcomes = Outcomes(
    lane: 1, answers: [AnsweredEnvelope(number: 2, ledgerIndex: 2, commitSeq: 12, leafRecord: leaves[2].encoded())],
    signature: server.sign(outcomesStatement.encoded(), as: .outcomes))

  // MARK: Rows of the scope `tenant`

  /// A member, a departure, and a pause.
  static let entries: [ChangeEntry] = [
    ChangeEntry(seq: 10, key: .member(member), payload: memberPayload),
    ChangeEntry(seq: 11, key: .invitation(invite.publicKey), payload: nil),
    ChangeEntry(seq: 12, key: .pause(id(0x08)), payload: pausePayload),
  ]

  private static let memberPayload: [UInt8] = {
    var entity = MemberEntity()
    entity.id = member
    entity.name = "Dr. Weber"
    entity.roles = [.reviewer]
    return entity.encoded()
  }()

  private static let pausePayload: [UInt8] = {
    var entity = PauseEntity()
    entity.id = id(0x08)
    entity.member = member
    entity.atMilliseconds = 1_780_000_001_000
    return entity.encoded()
  }()

  /// The hash of one row, spelled out.
  static func itemHash(_ entry: ChangeEntry) -> Digest {
    func big(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
    let fields = [big(UInt64(entry.key.kind.rawValue), 4), entry.key.id, big(entry.seq, 8), entry.payload ?? []]
    return SHA256.hash(fields.flatMap { big(UInt64($0.count), 4) + $0 })
  }

  /// The leaves of a scope that holds exactly the rows that are not departures.
  static let scopeLeaves: [Digest] = {
    var sums = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: 256)
    for entry in entries where entry.payload != nil {
      let leaf = Int(SHA256.hash(entry.key.id).firstByte)
      sums[leaf] = sum(sums[leaf], itemHash(entry).bytes)
    }
    return sums.map { Digest($0)! }
  }()

  static let scopeDigest = SHA256.hash(scopeLeaves.flatMap(\.bytes))

  /// Modulo 2^256, big-endian.
  static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result = left
    var carry = 0
    for index in (0..<32).reversed() {
      let value = Int(left[index]) + Int(right[index]) + carry
      result[index] = UInt8(value & 0xFF)
      carry = value >> 8
    }
    return result
  }
}
