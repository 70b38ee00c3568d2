// What a device signs: a mutation with its place in the device's own chain.
import Trust

/// The last checkpoint that a device had seen when it signed.
package struct SeenCheckpoint: CanonicalMessage, Hashable {
  package var origin = ""
  /// 0 if it had seen none.
  package var size: UInt64 = 0
  package var root: Digest = .zero

  package init() {}

  package init(origin: String, size: UInt64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &origin)
    try coder.field(2, &size)
    try coder.field(3, &root)
  }
}

/// The signed bytes of a mutation. Frozen with the first version.
package struct Envelope: CanonicalMessage, Hashable {
  package static let currentSchemaVersion: UInt32 = 1
  /// An envelope with all its parts.
  package static let withPartsByteLimit = 60 * 1024

  package var mutationID: MutationID = .zero
  package var tenant: TenantID = .zero
  /// SHA-256 of the signing device's public key.
  package var device: Digest = .zero
  package var lane: UInt32 = 1
  /// From 1, without gaps in its lane.
  package var number: UInt64 = 0
  /// The hash of the lane's previous envelope; 32 zero bytes for the first.
  package var previousHash: Digest = .zero
  package var clock = HybridClock()
  package var schemaVersion = Envelope.currentSchemaVersion
  package var checkpoint = SeenCheckpoint()
  /// The canonical bytes of a `Mutation`.
  package var body: [UInt8] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &mutationID)
    try coder.field(2, &tenant)
    try coder.field(3, &device)
    try coder.field(4, &lane)
    try coder.field(5, &number)
    try coder.field(6, &previousHash)
    try coder.field(7, &clock)
    try coder.field(8, &schemaVersion)
    try coder.field(9, &checkpoint)
    try coder.field(10, &body)
  }
}

/// An envelope's bytes with the device's signature over their DSSE PAE, payload type `mutation`.
package struct SignedEnvelope: Sendable, Hashable {
  package let bytes: [UInt8]
  package let signature: Signature
  /// SHA-256 of the PAE, without the signature.
  package let hash: Digest

  package init(bytes: [UInt8], signature: Signature) {
    self.bytes = bytes
    self.signature = signature
    hash = DSSE.digest(bytes, as: .mutation)
  }

  package init(_ envelope: Envelope, signedBy key: SigningKey) {
    let bytes = envelope.encoded()
    self.init(bytes: bytes, signature: key.sign(bytes, as: .mutation))
  }

  /// The envelope, if its bytes are canonical.
  package func envelope() throws(CanonicalError) -> Envelope { try Envelope(canonical: bytes) }

  package func isSigned(by key: PublicKey) -> Bool { key.isValid(signature, over: bytes, as: .mutation) }
}
