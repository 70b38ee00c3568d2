// The bytes that are frozen: frames, envelopes, statements, leaf records, parts, checkpoints, digests.
import Foundation
import ReviewModel
import SyncProtocol
import Testing
import Trust

@Suite(.serialized) struct GoldenBytesTests {
  @Test func `every frame has its recorded bytes in both encodings`() throws {
    var entries: [String: String] = [:]
    for sample in FrameSample.all {
      entries["\(sample.name).binary"] = Hex.encode(try sample.encoded(as: .binary))
      entries["\(sample.name).json"] = String(decoding: try sample.encoded(as: .json), as: UTF8.self)
    }
    try GoldenFile(name: "frames").expect(entries)
  }

  @Test func `recorded frames are read as what they were`() throws {
    let recorded = try GoldenFile(name: "frames").read()
    for sample in FrameSample.all {
      let binary = try #require(recorded["\(sample.name).binary"].flatMap { Hex.decode($0) })
      #expect(try sample.decoded(binary, as: .binary) == sample.side)
      let json = try #require(recorded["\(sample.name).json"])
      #expect(try sample.decoded(Array(json.utf8), as: .json) == sample.side)
    }
  }

  @Test func `keys, parts and envelopes have their recorded bytes`() throws {
    var entries = [
      "server.seed": Hex.encode(Story.server.seed), "server.public_key": Hex.encode(Story.server.publicKey.bytes),
      "device.seed": Hex.encode(Story.device.seed), "device.public_key": Hex.encode(Story.device.publicKey.bytes),
      "device.id": Story.device.publicKey.fingerprint.hex, "invite.seed": Hex.encode(Story.invite.seed),
      "invite.public_key": Hex.encode(Story.invite.publicKey.bytes),
      "revision.content": Hex.encode(Story.content.encoded()),
    ]
    for (name, part) in [("revision", Story.revision), ("reason", Story.reason), ("device_name", Story.deviceName)] {
      entries["\(name).part"] = Hex.encode(part.bytes)
      entries["\(name).digest"] = part.digest.hex
    }
    for (name, signed) in [("enrolment", Story.enrolment), ("decision", Story.decision), ("pause", Story.pause)] {
      let encoding = DSSE.preAuthenticationEncoding(payloadType: PayloadType.mutation.rawValue, payload: signed.bytes)
      entries["\(name).envelope"] = Hex.encode(signed.bytes)
      entries["\(name).pae"] = Hex.encode(encoding)
      entries["\(name).hash"] = signed.hash.hex
      entries["\(name).signature"] = Hex.encode(signed.signature.bytes)
    }
    try GoldenFile(name: "envelopes").expect(entries)
  }

  @Test func `statements and the invitation code have their recorded bytes`() throws {
    var entries: [String: String] = [
      "invitation_code": Story.invitation.text, "root.fingerprint": Story.rootNaming.fingerprint.hex,
    ]
    func add(_ name: String, _ statement: some CanonicalMessage, _ key: SigningKey, _ type: PayloadType) {
      entries["\(name).bytes"] = Hex.encode(statement.encoded())
      entries["\(name).signature"] = Hex.encode(key.sign(statement.encoded(), as: type).bytes)
      entries["\(name).signer"] = Hex.encode(key.publicKey.bytes)
      entries["\(name).payload_type"] = type.rawValue
    }
    add("server_challenge", Story.transcript, Story.server, .serverChallenge)
    add("session_proof", Story.transcript, Story.device, .sessionProof)
    add("outcomes", Story.outcomesStatement, Story.server, .outcomes)
    add("root_naming", Story.rootNaming, Story.server, .rootNaming)
    add("invitation_vouching", Story.vouching, Story.invite, .invitation)
    add("device_vouching", Story.deviceVouching, Story.device, .deviceVouching)
    add("certificate", Story.certificate, Story.server, .certificateStatement)
    try GoldenFile(name: "statements").expect(entries)
  }

  @Test func `leaf records, the log and its checkpoint have their recorded bytes`() throws {
    var entries: [String: String] = [
      "root.2": Story.root(of: 2).hex, "root.4": Story.root(of: 4).hex, "checkpoint.note": Story.note,
      "inclusion.2.of.4": Story.inclusion.map(\.hex).joined(separator: " "),
      "consistency.2.to.4": Story.consistency.map(\.hex).joined(separator: " "),
    ]
    for (index, leaf) in Story.leaves.enumerated() {
      entries["leaf.\(index).record"] = Hex.encode(leaf.encoded())
      entries["leaf.\(index).hash"] = MerkleHash.leaf(leaf.encoded()).hex
    }
    try GoldenFile(name: "ledger").expect(entries)
    #expect(
      MerkleProof.verifyInclusion(
        leaf: MerkleHash.leaf(Story.leaves[2].encoded()), index: 2, size: 4, proof: Story.inclusion, root: Story.root(of: 4)))
    #expect(
      MerkleProof.verifyConsistency(
        first: 2, firstRoot: Story.root(of: 2), second: 4, secondRoot: Story.root(of: 4), proof: Story.consistency))
  }

  @Test func `a scope's digest has its recorded value`() throws {
    var entries = ["digest": Story.scopeDigest.hex]
    for entry in Story.entries {
      entries["row.\(entry.seq).kind"] = String(entry.key.kind.rawValue)
      entries["row.\(entry.seq).id"] = Hex.encode(entry.key.id)
      guard let payload = entry.payload else { continue }
      entries["row.\(entry.seq).payload"] = Hex.encode(payload)
      entries["row.\(entry.seq).item_hash"] = Story.itemHash(entry).hex
      entries["row.\(entry.seq).leaf"] = String(SHA256.hash(entry.key.id).firstByte)
    }
    try GoldenFile(name: "digest").expect(entries)
  }
}
