// Who this device is, and what an enrolment showed.

/// One enrolled identity of one member in one tenant.
public struct ProfileIdentity: Sendable, Hashable, Codable {
  /// The profile's name on this device.
  public var profile: String
  /// 32 hexadecimal digits.
  public var tenantID: String
  public var tenantName: String
  /// 32 hexadecimal digits.
  public var memberID: String
  /// The member's name as far as this device knows it; empty before the first sync.
  public var memberName: String
  /// 64 hexadecimal digits: SHA-256 of the device's public key.
  public var deviceID: String
  public var deviceName: String
  /// `https://…` or, on loopback, `http://…`.
  public var serverURL: String
  /// The pinned key of the server, 64 hexadecimal digits.
  public var serverKey: String
  /// 64 hexadecimal digits; nil while no root is named.
  public var rootFingerprint: String?

  enum CodingKeys: String, CodingKey {
    case profile
    case tenantID = "tenant_id"
    case tenantName = "tenant"
    case memberID = "member_id"
    case memberName = "member"
    case deviceID = "device"
    case deviceName = "device_name"
    case serverURL = "server"
    case serverKey = "server_key"
    case rootFingerprint = "root_fingerprint"
  }
}

/// What an enrolment did.
public struct EnrolmentReport: Sendable, Hashable, Codable {
  public var profile: String
  public var tenant: String
  public var tenantID: String
  public var member: String
  public var memberID: String
  /// Names of roles; empty until the first sync has brought them.
  public var roles: [String]
  public var device: String
  /// 64 hexadecimal digits, to be compared by people; empty while no root is named.
  public var rootFingerprint: String
  /// Whether this device has just become the tenant's root.
  public var isRootNamedHere: Bool
  /// The seed of the recovery key, 64 hexadecimal digits: kept only until `Profile.recoveryKeyWasShown`, and nowhere after.
  public var recoveryKey: String?

  enum CodingKeys: String, CodingKey {
    case profile, tenant, member, roles, device
    case tenantID = "tenant_id"
    case memberID = "member_id"
    case rootFingerprint = "root_fingerprint"
    case isRootNamedHere = "root_named_here"
    case recoveryKey = "recovery_key"
  }
}
