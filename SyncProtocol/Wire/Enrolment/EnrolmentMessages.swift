// What travels over HTTP: how a device is enrolled, what a server says of itself, and why it refused.
import ReviewModel
import Trust

/// The body of `POST /v1/enrol`. The same request again gets the same answer.
package struct EnrolRequest: Sendable, Hashable {
  package var tenant: TenantID
  /// Number 1 of lane 1: `enrolDevice`, with the part that holds the device's name.
  package var envelope: PushedEnvelope
  /// The recovery key's public half: from an admin who may become the tenant's root.
  package var recoveryKey: PublicKey?

  package init(tenant: TenantID, envelope: PushedEnvelope, recoveryKey: PublicKey? = nil) {
    self.tenant = tenant
    self.envelope = envelope
    self.recoveryKey = recoveryKey
  }
}

/// The answer to `EnrolRequest`.
package struct EnrolResponse: Sendable, Hashable {
  package var member: MemberID
  /// The log's origin: `<server name>/<tenant id>/<epoch>`.
  package var origin: String
  package var epoch: EpochID
  /// The newest checkpoint as a signed note; it covers the enrolment.
  package var checkpointNote: String
  /// The enrolment's outcome, signed as every outcome is.
  package var outcomes: Outcomes
  /// The tenant's root, if it has one.
  package var root: RootNaming?
  /// The server's signature over `RootNaming {tenant, this device's key, recovery key}`, payload type `rootNaming`:
  /// only for an admin who sent a recovery key while no root was named.
  package var proposedRootSignature: Signature?
  package var tenantName: String

  package init(
    member: MemberID, origin: String, epoch: EpochID, checkpointNote: String, outcomes: Outcomes, root: RootNaming? = nil,
    proposedRootSignature: Signature? = nil, tenantName: String
  ) {
    self.member = member
    self.origin = origin
    self.epoch = epoch
    self.checkpointNote = checkpointNote
    self.outcomes = outcomes
    self.root = root
    self.proposedRootSignature = proposedRootSignature
    self.tenantName = tenantName
  }
}

/// The body of every HTTP answer that is not 200.
package struct Problem: Sendable, Hashable {
  /// A stable word: the name of a `RefusalCode`, or `malformed`, `too_large`, `unknown_tenant`, `rate_limited`,
  /// `server_trouble`.
  package var code: String
  /// For a person, with the remedy.
  package var sentence: String
  /// 0 if trying again does not help.
  package var retryAfterMilliseconds: UInt64

  package init(code: String, sentence: String, retryAfterMilliseconds: UInt64 = 0) {
    self.code = code
    self.sentence = sentence
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }
}

/// The answer to `GET /v1/server`.
package struct ServerInfo: Sendable, Hashable {
  package var serverKey: PublicKey
  /// SHA-256 of the DER of the certificate in use; nil without TLS.
  package var certificateDigest: Digest?
  /// The server key's signature over `CertificateStatement`, payload type `certificateStatement`.
  package var certificateSignature: Signature?
  /// Of the program.
  package var version: String
  package var minimumVersion: UInt32
  package var maximumVersion: UInt32

  package init(
    serverKey: PublicKey, certificateDigest: Digest? = nil, certificateSignature: Signature? = nil, version: String,
    minimumVersion: UInt32 = ProtocolVersion.minimum, maximumVersion: UInt32 = ProtocolVersion.current
  ) {
    self.serverKey = serverKey
    self.certificateDigest = certificateDigest
    self.certificateSignature = certificateSignature
    self.version = version
    self.minimumVersion = minimumVersion
    self.maximumVersion = maximumVersion
  }
}
