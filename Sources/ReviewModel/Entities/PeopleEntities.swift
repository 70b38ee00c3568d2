// The tenant itself, its members, their devices and invitations. All are in the scope `tenant`.
import Trust

/// The organisation: what every device must know of it.
package struct TenantEntity: CanonicalMessage, Hashable {
  package var id: TenantID = .zero
  package var name = ""
  package var serverKey: PublicKey = .zero
  package var policy = ApprovalPolicy()
  /// Named once, by the first admin device; nil until then.
  package var root: RootNaming?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &name)
    try coder.field(3, &serverKey)
    try coder.field(4, &policy)
    try coder.field(5, &root)
  }
}

/// A person in a tenant.
package struct MemberEntity: CanonicalMessage, Hashable {
  package var id: MemberID = .zero
  package var name = ""
  package var roles: [Role] = []
  package var isRemoved = false
  /// Roles held once and no longer, so that what was decided under one of them can be told from what never was allowed.
  package var formerRoles: [Role] = []
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &name)
    try coder.field(3, &roles)
    try coder.field(4, &isRemoved)
    try coder.field(5, &formerRoles)
    try coder.field(6, &partDigests)
  }
}

/// On whose word a device is bound to its member.
package enum DeviceBinding: UInt32, CanonicalEnumeration {
  /// An admin's device signed the invitation.
  case adminSigned = 1
  /// The server alone invited the member: `countersignd invite`.
  case serverVouched = 2
  /// The member's former device vouched for it.
  case deviceVouched = 3
}

/// An enrolled key pair of one member. Its id is the SHA-256 of its public key.
package struct DeviceEntity: CanonicalMessage, Hashable {
  package var id: Digest = .zero
  package var member: MemberID = .zero
  package var publicKey: PublicKey = .zero
  package var name = ""
  package var binding: DeviceBinding = .serverVouched
  /// The entry of the ledger that enrolled it.
  package var enrolledIndex: UInt64?
  package var vouchedBy: Digest?
  package var isRevoked = false
  /// The devices that it vouched for: its revocation covers them.
  package var vouchedFor: [Digest] = []
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &member)
    try coder.field(3, &publicKey)
    try coder.field(4, &name)
    try coder.field(5, &binding)
    try coder.field(6, &enrolledIndex)
    try coder.field(7, &vouchedBy)
    try coder.field(8, &isRevoked)
    try coder.field(9, &vouchedFor)
    try coder.field(10, &partDigests)
  }
}

/// A seed that was given to a person; only its public half is known here.
package struct InvitationEntity: CanonicalMessage, Hashable {
  package var key: PublicKey = .zero
  package var member: MemberID = .zero
  package var isServerVouched = false
  /// The device that used it, nil while it is open.
  package var usedBy: Digest?
  /// The entry of the ledger that invited.
  package var invitedIndex: UInt64?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &key)
    try coder.field(2, &member)
    try coder.field(3, &isServerVouched)
    try coder.field(4, &usedBy)
    try coder.field(5, &invitedIndex)
  }
}

/// A pause on publishing. It holds until a resume names it.
package struct PauseEntity: CanonicalMessage, Hashable {
  package var id: PauseID = .zero
  package var target = PauseTarget()
  package var member: MemberID = .zero
  package var reason = ""
  package var liftedBy: MemberID?
  package var atMilliseconds: UInt64 = 0
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &target)
    try coder.field(3, &member)
    try coder.field(4, &reason)
    try coder.field(5, &liftedBy)
    try coder.field(6, &atMilliseconds)
    try coder.field(7, &partDigests)
  }
}

/// What a pause stops: the whole tenant unless it names something smaller.
package struct PauseTarget: CanonicalMessage, Hashable {
  package var subject: SubjectID?
  package var campaign: CampaignID?
  package var platform = ""

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &campaign)
    try coder.field(3, &platform)
  }
}
