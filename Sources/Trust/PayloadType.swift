// Every meaning that a signature can have. A signature made for one meaning never passes for another.

/// The DSSE payload types of the project. (A checkpoint is a signed note and not listed.)
package enum PayloadType: String, CaseIterable, Hashable, Sendable {
  case mutation = "application/vnd.countersign.mutation.v1"
  case sessionProof = "application/vnd.countersign.session-proof.v1"
  case serverChallenge = "application/vnd.countersign.server-challenge.v1"
  case invitation = "application/vnd.countersign.invitation.v1"
  case deviceVouching = "application/vnd.countersign.device-vouching.v1"
  case httpRequest = "application/vnd.countersign.http-request.v1"
  case outcomes = "application/vnd.countersign.outcomes.v1"
  case epochAcceptance = "application/vnd.countersign.epoch-acceptance.v1"
  case rootNaming = "application/vnd.countersign.root-naming.v1"
  case serverKeyRotation = "application/vnd.countersign.server-key-rotation.v1"
  case certificateStatement = "application/vnd.countersign.certificate-statement.v1"
}
