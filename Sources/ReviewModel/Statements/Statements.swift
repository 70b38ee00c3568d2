// What is signed besides mutations. Each has a payload type of its own, so that no signature can stand for another.
import Trust

/// The session's handshake as both sides saw it: signed by the server (`serverChallenge`) and the device (`sessionProof`).
package struct SessionTranscript: CanonicalMessage, Hashable {
  package var clientNonce: Digest = .zero
  package var serverNonce: Digest = .zero
  package var minimumVersion: UInt32 = 0
  package var maximumVersion: UInt32 = 0
  package var chosenVersion: UInt32 = 0
  package var tenant: TenantID = .zero
  package var device: Digest = .zero
  package var serverKey: PublicKey = .zero
  /// SHA-256 of the certificate's DER; nil over plain text on loopback.
  package var tlsCertificateDigest: Digest?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &clientNonce)
    try coder.field(2, &serverNonce)
    try coder.field(3, &minimumVersion)
    try coder.field(4, &maximumVersion)
    try coder.field(5, &chosenVersion)
    try coder.field(6, &tenant)
    try coder.field(7, &device)
    try coder.field(8, &serverKey)
    try coder.field(9, &tlsCertificateDigest)
  }
}

/// One answered envelope of an `OutcomesStatement`.
package struct OutcomeReceipt: CanonicalMessage, Hashable {
  package var number: UInt64 = 0
  package var envelopeHash: Digest = .zero
  package var leafHash: Digest = .zero
  package var ledgerIndex: UInt64 = 0

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &number)
    try coder.field(2, &envelopeHash)
    try coder.field(3, &leafHash)
    try coder.field(4, &ledgerIndex)
  }
}

/// What the server signs for an Outcomes frame (`outcomes`).
package struct OutcomesStatement: CanonicalMessage, Hashable {
  package var origin = ""
  package var tenant: TenantID = .zero
  package var device: Digest = .zero
  package var lane: UInt32 = 0
  package var receipts: [OutcomeReceipt] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &origin)
    try coder.field(2, &tenant)
    try coder.field(3, &device)
    try coder.field(4, &lane)
    try coder.field(5, &receipts)
  }
}

/// The tenant's root: its first admin device, and a recovery key that was shown once (`rootNaming`).
package struct RootNaming: CanonicalMessage, Hashable {
  package var tenant: TenantID = .zero
  package var rootKey: PublicKey = .zero
  package var recoveryKey: PublicKey = .zero

  package init() {}

  /// What people compare: SHA-256 of the canonical bytes.
  package var fingerprint: Digest { SHA256.hash(encoded()) }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &tenant)
    try coder.field(2, &rootKey)
    try coder.field(3, &recoveryKey)
  }
}

/// An invitation's key vouches for the key of the device that was enrolled with it (`invitation`).
package struct InvitationVouching: CanonicalMessage, Hashable {
  package var tenant: TenantID = .zero
  package var inviteKey: PublicKey = .zero
  package var deviceKey: PublicKey = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &tenant)
    try coder.field(2, &inviteKey)
    try coder.field(3, &deviceKey)
  }
}

/// A device vouches for its member's next device (`deviceVouching`).
package struct DeviceVouching: CanonicalMessage, Hashable {
  package var tenant: TenantID = .zero
  package var oldDevice: Digest = .zero
  package var deviceKey: PublicKey = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &tenant)
    try coder.field(2, &oldDevice)
    try coder.field(3, &deviceKey)
  }
}

/// The server vouches for a TLS certificate (`certificateStatement`).
package struct CertificateStatement: CanonicalMessage, Hashable {
  package var serverKey: PublicKey = .zero
  package var certificateDigest: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &serverKey)
    try coder.field(2, &certificateDigest)
  }
}
