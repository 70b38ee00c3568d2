// The HTTP messages to bytes and back: `application/x-protobuf` or `application/json`, with the limits of frames.
import Foundation
import ReviewModel
import SwiftProtobuf
import Trust

extension WireEncoding {
  /// The HTTP media type of this encoding.
  package var mediaType: String {
    switch self {
    case .binary: "application/x-protobuf"
    case .json: "application/json"
    }
  }

  /// From a Content-Type or Accept header of one type; parameters are ignored. Nil for any other type.
  package init?(mediaType: String) {
    let name = mediaType.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    guard let encoding = WireEncoding.allCases.first(where: { $0.mediaType == name }) else { return nil }
    self = encoding
  }
}

extension EnrolRequest {
  package func encoded(as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    try FrameCodec.encode(message: wire, as: encoding)
  }

  package init(_ bytes: [UInt8], as encoding: WireEncoding) throws(WireError) {
    let message: WireEnrolRequest = try FrameCodec.decode(message: bytes, as: encoding)
    self.init(
      tenant: try WireReading.fixed(message.tenant, "tenant"), envelope: try PushedEnvelope(wire: message.envelope),
      recoveryKey: message.hasRecoveryKey ? try WireReading.fixed(message.recoveryKey, "recovery_key") : nil)
  }

  private var wire: WireEnrolRequest {
    var message = WireEnrolRequest()
    message.tenant = tenant.data
    message.envelope = envelope.wire
    if let recoveryKey { message.recoveryKey = recoveryKey.data }
    return message
  }
}

extension EnrolResponse {
  package func encoded(as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    try FrameCodec.encode(message: wire, as: encoding)
  }

  package init(_ bytes: [UInt8], as encoding: WireEncoding) throws(WireError) {
    let message: WireEnrolResponse = try FrameCodec.decode(message: bytes, as: encoding)
    self.init(
      member: try WireReading.fixed(message.member, "member"),
      origin: try WireReading.text(message.origin, "origin", limit: WireLimits.originBytes),
      epoch: try WireReading.fixed(message.epoch, "epoch"),
      checkpointNote: try WireReading.text(message.checkpointNote, "checkpoint_note", limit: WireLimits.noteBytes),
      outcomes: try Outcomes(wire: message.outcomes), root: message.hasRoot ? try RootNaming(wire: message.root) : nil,
      proposedRootSignature: message.hasProposedRootSignature
        ? try WireReading.fixed(message.proposedRootSignature, "proposed_root_signature") : nil,
      tenantName: try WireReading.text(message.tenantName, "tenant_name", limit: WireLimits.nameBytes))
  }

  private var wire: WireEnrolResponse {
    var message = WireEnrolResponse()
    message.member = member.data
    message.origin = origin
    message.epoch = epoch.data
    message.checkpointNote = checkpointNote
    message.outcomes = outcomes.wire
    if let root { message.root = root.wire }
    if let proposedRootSignature { message.proposedRootSignature = proposedRootSignature.data }
    message.tenantName = tenantName
    return message
  }
}

extension RootNaming {
  fileprivate init(wire message: WireRootNaming) throws(WireError) {
    self.init()
    tenant = try WireReading.fixed(message.tenant, "root.tenant")
    rootKey = try WireReading.fixed(message.rootKey, "root.root_key")
    recoveryKey = try WireReading.fixed(message.recoveryKey, "root.recovery_key")
  }

  fileprivate var wire: WireRootNaming {
    var message = WireRootNaming()
    message.tenant = tenant.data
    message.rootKey = rootKey.data
    message.recoveryKey = recoveryKey.data
    return message
  }
}

extension Problem {
  package func encoded(as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    var message = WireProblem()
    message.code = code
    message.sentence = sentence
    message.retryAfterMilliseconds = retryAfterMilliseconds
    return try FrameCodec.encode(message: message, as: encoding)
  }

  package init(_ bytes: [UInt8], as encoding: WireEncoding) throws(WireError) {
    let message: WireProblem = try FrameCodec.decode(message: bytes, as: encoding)
    self.init(
      code: try WireReading.text(message.code, "code", limit: WireLimits.agentBytes),
      sentence: try WireReading.text(message.sentence, "sentence", limit: WireLimits.detailBytes),
      retryAfterMilliseconds: message.retryAfterMilliseconds)
  }
}

extension ServerInfo {
  package func encoded(as encoding: WireEncoding) throws(WireError) -> [UInt8] {
    var message = WireServerInfo()
    message.serverKey = serverKey.data
    if let certificateDigest { message.certificateDigest = certificateDigest.data }
    if let certificateSignature { message.certificateSignature = certificateSignature.data }
    message.version = version
    message.minimumVersion = minimumVersion
    message.maximumVersion = maximumVersion
    return try FrameCodec.encode(message: message, as: encoding)
  }

  package init(_ bytes: [UInt8], as encoding: WireEncoding) throws(WireError) {
    let message: WireServerInfo = try FrameCodec.decode(message: bytes, as: encoding)
    self.init(
      serverKey: try WireReading.fixed(message.serverKey, "server_key"),
      certificateDigest: message.hasCertificateDigest
        ? try WireReading.fixed(message.certificateDigest, "certificate_digest") : nil,
      certificateSignature: message.hasCertificateSignature
        ? try WireReading.fixed(message.certificateSignature, "certificate_signature") : nil,
      version: try WireReading.text(message.version, "version", limit: WireLimits.agentBytes),
      minimumVersion: message.minimumVersion, maximumVersion: message.maximumVersion)
  }
}
