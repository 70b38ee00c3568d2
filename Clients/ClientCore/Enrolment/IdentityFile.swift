// The identity as it lies in the profile's directory: who this device is, and its secret key, plain or sealed.
import Foundation
import ReviewModel
import Trust

/// What is kept of an identity. Bytes are hexadecimal text.
struct IdentityFile: Codable, Sendable, Hashable {
  static let currentVersion = 1

  var version = IdentityFile.currentVersion
  var profile: String
  var tenant: String
  var tenantName: String
  /// Empty until the enrolment was answered.
  var member: String
  var deviceName: String
  var url: String
  var serverKey: String
  var rootFingerprint: String?
  /// Fixed when the identity is begun, so that an interrupted enrolment is repeated to the byte.
  var beginning: Beginning
  /// The device's key; nil if it is sealed.
  var secrets: Secrets?
  var sealed: SealedSecrets?
  /// The identity that takes over, while it is being enrolled.
  var successor: Successor?

  /// What an enrolment's envelope is made of, besides the keys.
  struct Beginning: Codable, Sendable, Hashable {
    var mutation: String
    var nameSalt: String
    var clockMilliseconds: UInt64
    /// The public half of the invitation's key; empty for a device that another one vouched for.
    var inviteKey: String
    var rootMutation: String
  }

  /// Seeds. The recovery key's is there only until it was shown.
  struct Secrets: Codable, Sendable, Hashable {
    var deviceSeed: String
    var recoverySeed: String?
    var successorSeed: String?
  }

  struct SealedSecrets: Codable, Sendable, Hashable {
    var salt: String
    var passes: UInt64
    var memoryBytes: Int
    var box: String
  }

  struct Successor: Codable, Sendable, Hashable {
    var beginning: Beginning
  }

  var isComplete: Bool { !member.isEmpty }

  func encoded() throws(ClientError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    do {
      return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    } catch {
      throw ClientError(.damaged, "The identity cannot be written.", remedy: "Report this as a defect.")
    }
  }

  init(decoding bytes: [UInt8]) throws(ClientError) {
    do {
      self = try JSONDecoder().decode(IdentityFile.self, from: Data(bytes))
    } catch {
      throw ClientError.damagedIdentity
    }
    guard version == Self.currentVersion else {
      throw ClientError(.damaged, "The profile was written by a newer version.", remedy: "Update this program.")
    }
  }

  init(
    profile: String, tenant: String, tenantName: String, deviceName: String, url: String, serverKey: String,
    rootFingerprint: String?, beginning: Beginning
  ) {
    self.profile = profile
    self.tenant = tenant
    self.tenantName = tenantName
    member = ""
    self.deviceName = deviceName
    self.url = url
    self.serverKey = serverKey
    self.rootFingerprint = rootFingerprint
    self.beginning = beginning
  }
}
