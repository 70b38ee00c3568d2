// A server as a script: signs what a server signs, with a small real log, so that a session can be led anywhere.
import ReviewModel
import Storage
import SyncProtocol
import Trust

@testable import SyncEngine

struct ScriptError: Error {}

struct ScriptedServer {
  let key: SigningKey
  let device: SigningKey
  let tenant: TenantID
  let epoch: EpochID
  var leaves: [Digest] = []
  var records: [[UInt8]] = []

  init() throws {
    guard let key = SigningKey(seed: Array(repeating: 1, count: 32)),
      let device = SigningKey(seed: Array(repeating: 2, count: 32)),
      let tenant = TenantID(Array(repeating: 3, count: 16)), let epoch = EpochID(Array(repeating: 4, count: 16))
    else { throw ScriptError() }
    self.key = key
    self.device = device
    self.tenant = tenant
    self.epoch = epoch
    addLeaf(LeafRecord().encoded())
  }

  var origin: String { "script/\(tenant.hex)/\(epoch.hex)" }
  var size: UInt64 { UInt64(leaves.count) }

  mutating func addLeaf(_ record: [UInt8]) {
    records.append(record)
    leaves.append(MerkleHash.leaf(record))
  }

  func checkpoint(size: UInt64? = nil) -> SeenCheckpoint {
    var frontier = MerkleFrontier()
    for leaf in leaves.prefix(Int(size ?? self.size)) { frontier.append(leaf) }
    return SeenCheckpoint(origin: origin, size: frontier.size, root: frontier.root)
  }

  func note(_ seen: SeenCheckpoint? = nil, signedBy other: SigningKey? = nil) -> String {
    let seen = seen ?? checkpoint()
    return Checkpoint(origin: seen.origin, size: seen.size, root: seen.root).signed(by: other ?? key, name: "script")
  }

  func consistency(from first: UInt64) throws -> [Digest] {
    try MerkleProof.consistency(first: first, second: size, source: Nodes(leaves: leaves))
  }

  func inclusion(_ index: UInt64) throws -> [Digest] {
    try MerkleProof.inclusion(index: index, size: size, source: Nodes(leaves: leaves))
  }

  private struct Nodes: MerkleNodeSource {
    let leaves: [Digest]

    func node(level: UInt8, index: UInt64) throws -> Digest {
      if level == 0 { return leaves[Int(index)] }
      return MerkleHash.node(try node(level: level - 1, index: index * 2), try node(level: level - 1, index: index * 2 + 1))
    }
  }

  // MARK: Frames

  func challenge(to hello: Hello, certificate: Digest? = nil, signedBy other: SigningKey? = nil) -> Challenge {
    var transcript = SessionTranscript()
    transcript.clientNonce = hello.nonce
    transcript.serverNonce = SHA256.hash([9])
    transcript.minimumVersion = hello.minimumVersion
    transcript.maximumVersion = hello.maximumVersion
    transcript.chosenVersion = 1
    transcript.tenant = hello.tenant
    transcript.device = hello.device
    transcript.serverKey = key.publicKey
    transcript.tlsCertificateDigest = certificate
    let signature = (other ?? key).sign(transcript.encoded(), as: .serverChallenge)
    return Challenge(nonce: SHA256.hash([9]), chosenVersion: 1, serverKey: key.publicKey, signature: signature)
  }

  func welcome(
    lanes: [LaneState] = [], scopes: [ScopeHead] = [ScopeHead(scope: .tenant, head: 0)], consistency: [Digest] = []
  ) -> Welcome {
    var welcome = Welcome()
    welcome.epoch = epoch
    welcome.origin = origin
    welcome.lanes = lanes
    welcome.scopes = scopes
    welcome.checkpointNote = note()
    welcome.consistency = consistency
    return welcome
  }

  /// Decides envelopes and signs the answer.
  mutating func answer(_ envelopes: [PushedEnvelope], commitSeq: UInt64, lane: UInt32 = 1, outcome: Outcome = .applied()) throws
    -> Outcomes
  {
    var statement = OutcomesStatement()
    statement.origin = origin
    statement.tenant = tenant
    statement.device = device.publicKey.fingerprint
    statement.lane = lane
    var answers: [AnsweredEnvelope] = []
    for pushed in envelopes {
      var record = LeafRecord()
      record.envelopeHash = pushed.envelope.hash
      record.outcome = outcome
      let bytes = record.encoded()
      var receipt = OutcomeReceipt()
      receipt.number = try pushed.envelope.envelope().number
      receipt.envelopeHash = pushed.envelope.hash
      receipt.leafHash = MerkleHash.leaf(bytes)
      receipt.ledgerIndex = size
      statement.receipts.append(receipt)
      answers.append(
        AnsweredEnvelope(number: receipt.number, ledgerIndex: size, commitSeq: commitSeq, leafRecord: bytes))
      addLeaf(bytes)
    }
    return Outcomes(lane: lane, answers: answers, signature: key.sign(statement.encoded(), as: .outcomes))
  }
}
