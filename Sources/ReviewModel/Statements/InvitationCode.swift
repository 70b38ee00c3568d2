// The code that a person is given: everything a device needs to enrol, and a secret seed that never leaves it.
import Trust

/// The contents of an invitation code: `cs1-` and the URL-safe base64 of the canonical bytes and their checksum.
package struct InvitationCode: CanonicalMessage, Hashable {
  static let prefix = "cs1-"
  static let byteLimit = 2_048
  private static let checksumByteCount = 4

  package var url = ""
  package var tenant: TenantID = .zero
  package var tenantName = ""
  package var serverKey: PublicKey = .zero
  /// Nil for the first admin: the root is named with that enrolment.
  package var rootFingerprint: Digest?
  /// The seed of the invite key, 32 bytes: a secret until it is used.
  package var seed: [UInt8] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &url)
    try coder.field(2, &tenant)
    try coder.field(3, &tenantName)
    try coder.field(4, &serverKey)
    try coder.field(5, &rootFingerprint)
    try coder.field(6, &seed)
  }

  package var text: String {
    let bytes = encoded()
    return Self.prefix + Base64.encodeURL(bytes + SHA256.hash(bytes).bytes.prefix(Self.checksumByteCount))
  }

  /// Nil unless the text is a whole, undamaged code. White space around it is ignored.
  package init?(text: String) {
    let trimmed = text.filter { !$0.isWhitespace }
    guard trimmed.hasPrefix(Self.prefix), trimmed.utf8.count <= Self.byteLimit,
      let bytes = Base64.decodeURL(String(trimmed.dropFirst(Self.prefix.count))), bytes.count > Self.checksumByteCount
    else { return nil }
    let content = Array(bytes.dropLast(Self.checksumByteCount))
    guard Array(bytes.suffix(Self.checksumByteCount)) == Array(SHA256.hash(content).bytes.prefix(Self.checksumByteCount)),
      let code = try? InvitationCode(canonical: content), code.seed.count == 32  // nil says all a caller needs to know
    else { return nil }
    self = code
  }
}
