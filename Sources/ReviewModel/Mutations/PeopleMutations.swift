// Bodies about the tenant, its members and their devices.
import Trust

/// Entry 1 of every ledger, signed by the server's key.
package struct CreateTenant: CanonicalMessage, Hashable {
  package var tenant: TenantID = .zero
  package var serverKey: PublicKey = .zero
  package var epoch: EpochID = .zero
  /// Digest of a part of kind `name`.
  package var name: Digest = .zero
  package var policy = ApprovalPolicy()

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &tenant)
    try coder.field(2, &serverKey)
    try coder.field(3, &epoch)
    try coder.field(4, &name)
    try coder.field(5, &policy)
  }
}

/// Names the tenant's root once: by its first admin device, with the server's signature over the same statement.
package struct NameRoot: CanonicalMessage, Hashable {
  package var root = RootNaming()
  /// The server's signature over `root`, payload type `rootNaming`.
  package var serverSignature: Signature = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &root)
    try coder.field(2, &serverSignature)
  }
}

/// Makes a member (or a further device's invitation for a member that is there) and the invitation's public key known.
package struct InviteMember: CanonicalMessage, Hashable {
  package var member: MemberID = .zero
  package var roles: [Role] = []
  package var inviteKey: PublicKey = .zero
  /// Digest of a part of kind `name`.
  package var name: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &member)
    try coder.field(2, &roles)
    try coder.field(3, &inviteKey)
    try coder.field(4, &name)
  }
}

/// n = 1 of lane 1 of every device, signed by the device itself. Exactly one of the two vouchings is there.
package struct EnrolDevice: CanonicalMessage, Hashable {
  package var publicKey: PublicKey = .zero
  /// Digest of a part of kind `name`: what the member calls the device.
  package var name: Digest = .zero
  package var inviteKey: PublicKey?
  /// The invite key's signature over `InvitationVouching`, payload type `invitation`.
  package var inviteSignature: Signature?
  /// The old device's id, for a copied device's new identity.
  package var oldDevice: Digest?
  /// The old device's signature over `DeviceVouching`, payload type `deviceVouching`.
  package var oldDeviceSignature: Signature?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &publicKey)
    try coder.field(2, &name)
    try coder.field(3, &inviteKey)
    try coder.field(4, &inviteSignature)
    try coder.field(5, &oldDevice)
    try coder.field(6, &oldDeviceSignature)
  }
}

/// An admin says that a device belongs to its member, where the server alone had said so.
package struct VouchDevice: CanonicalMessage, Hashable {
  package var device: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &device)
  }
}

/// What a member may do from now on; replaces what was said before.
package struct SetRoles: CanonicalMessage, Hashable {
  package var member: MemberID = .zero
  package var roles: [Role] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &member)
    try coder.field(2, &roles)
  }
}

/// Ends a device. In lane 0: it waits behind nothing.
package struct RevokeDevice: CanonicalMessage, Hashable {
  package var device: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &device)
  }
}

/// The tenant's policy, or a campaign's own.
package struct SetPolicy: CanonicalMessage, Hashable {
  package var campaign: CampaignID?
  package var policy = ApprovalPolicy()

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &campaign)
    try coder.field(2, &policy)
  }
}
