// How a client's session ends: by itself, to be tried again, or for good until a person does something.
import SyncProtocol

/// Why a session must not simply be opened again. The raw value is a stable word.
package enum SessionStop: String, Sendable, Hashable, CaseIterable {
  /// The server does not know this device or its tenant.
  case unauthorized
  case deviceRevoked = "device_revoked"
  /// Another copy of this device has sent something else under the same numbers.
  case forked
  /// A newer session of this device has taken over.
  case replaced
  case versionUnsupported = "version_unsupported"
  case unknownTenant = "unknown_tenant"
  /// Whoever answered is not the server whose key is pinned.
  case notTheServer = "not_the_server"
  /// The server stands before something that it has acknowledged to this device.
  case rolledBack = "rolled_back"
  /// The server's log is not a continuation of the log that this device has seen.
  case inconsistentLog = "inconsistent_log"
  /// The log has another origin than the one that this device has seen.
  case epochChanged = "epoch_changed"
  /// Evidence that does not hold: a wrong signature or record behind an answer.
  case badEvidence = "bad_evidence"
  /// The server sent what the protocol does not allow.
  case protocolViolation = "protocol_violation"
  /// An own envelope was found damaged and put aside; the rest needs a new identity.
  case damagedEnvelope = "damaged_envelope"
  /// The server refuses signatures that hold here.
  case signatureRefused = "signature_refused"

  /// What to say to a person.
  package var sentence: String {
    switch self {
    case .unauthorized: "The server does not know this device; ask an admin for a new invitation."
    case .deviceRevoked: "This device was revoked; ask an admin."
    case .forked: "Another copy of this device has been used; it goes on under a new identity."
    case .replaced: "A newer session of this device has taken over; stop the other one first."
    case .versionUnsupported: "The server speaks another version of the protocol; update this program."
    case .unknownTenant: "The server does not hold this tenant; check its address."
    case .notTheServer: "Whoever answers at this address does not hold the server's key; check the address, then ask an admin."
    case .rolledBack: "The server is behind what it has acknowledged to this device; tell the server's admin before going on."
    case .inconsistentLog:
      "The server shows another history than it has shown before; tell your admin and keep this device as it is."
    case .epochChanged: "The server has begun a new epoch, which no admin of yours has accepted yet; ask an admin."
    case .badEvidence: "The server's answer does not carry the evidence that it must; tell the server's admin."
    case .protocolViolation: "The server sent what the protocol does not allow; update this program or tell the server's admin."
    case .damagedEnvelope: "A queued change was damaged on this device and put aside; see the outcomes."
    case .signatureRefused: "The server refuses this device's signatures, which hold here; tell the server's admin."
    }
  }
}

/// How a session ended.
package enum SessionEnd: Sendable, Hashable {
  /// Everything that a single sync is for has been done.
  case finished
  /// Try again, not before so many milliseconds; 0 leaves it to the back-off.
  case retry(afterMilliseconds: UInt64, reason: String)
  /// Not again by itself.
  case stopped(SessionStop, detail: String)

  /// What a Goodbye of the server means.
  package init(_ goodbye: Goodbye) {
    let after = goodbye.retryAfterMilliseconds
    func again(_ reason: String, atLeast least: UInt64 = 0) -> SessionEnd {
      .retry(afterMilliseconds: max(after, least), reason: goodbye.detail.isEmpty ? reason : goodbye.detail)
    }
    switch goodbye.code {
    case .ordinary: self = again("The server ended the session.")
    case .malformedFrame, .unexpectedFrame, .tooLarge:
      self = again("The server could not read a frame of this program.", atLeast: Self.afterRefusedFrameMilliseconds)
    case .unauthorized: self = .stopped(.unauthorized, detail: goodbye.detail)
    case .versionUnsupported: self = .stopped(.versionUnsupported, detail: goodbye.detail)
    case .unknownTenant: self = .stopped(.unknownTenant, detail: goodbye.detail)
    case .badSignature: self = .stopped(.signatureRefused, detail: goodbye.detail)
    case .forked: self = .stopped(.forked, detail: goodbye.detail)
    case .replaced: self = .stopped(.replaced, detail: goodbye.detail)
    case .rateLimited: self = again("The server asks for patience.")
    case .slowReader: self = again("This device read too slowly.")
    case .idle: self = again("The session was idle.")
    case .shuttingDown: self = again("The server is shutting down.")
    case .serverTrouble: self = again("The server has trouble.")
    case .deviceRevoked: self = .stopped(.deviceRevoked, detail: goodbye.detail)
    case .numberGap: self = again("The server missed a number; it is offered again.")
    case .rolledBack: self = .stopped(.rolledBack, detail: goodbye.detail)
    }
  }

  /// What a Goodbye means of somebody who has not proved to be the server: anybody in between could end everything for good with
  /// one frame, or have this device wait for ever.
  package init(unproved goodbye: Goodbye) {
    switch SessionEnd(goodbye) {
    case .retry(let after, let reason):
      self = .retry(afterMilliseconds: min(after, Self.unprovedWaitMilliseconds), reason: reason)
    case .finished, .stopped:
      self = .retry(afterMilliseconds: 0, reason: "The server ended the session before it had proved itself.")
    }
  }

  static let unprovedWaitMilliseconds: UInt64 = 5 * 60_000

  /// What the server could not read it will hardly read a moment later.
  static let afterRefusedFrameMilliseconds: UInt64 = 60_000
}
