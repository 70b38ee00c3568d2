// Members: inviting them, and what they may be.
import ReviewModel
import Trust

extension Rules {
  static func inviteMember(_ body: InviteMember, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let isServer = attempt.context.actor.isServer
    if isServer {
      guard try attempt.tenant().serverKey.fingerprint == attempt.context.actor.device else { throw .refused(.notPermitted) }
    } else {
      try attempt.requireRole(.admin)
    }
    try attempt.requireFree([.invitation(body.inviteKey)])
    let name = try attempt.parts.name(body.name)
    if var known = try attempt.member(body.member) {
      // A further device for somebody who is there: name and roles stay what they are.
      guard !known.isRemoved else { throw .refused(.notFound) }
      // Whose name was erased is not named again by an invitation.
      let isKept = !known.name.isEmpty && known.partDigests.count < RuleLimits.partsOfEntity
      if isKept { known.partDigests += name.partDigests } else { attempt.forget(body.name) }
      attempt.write(.member(known), in: .tenant)
    } else {
      try requireFair(body.roles)
      var member = MemberEntity()
      member.id = body.member
      member.name = name.text
      member.partDigests = name.partDigests
      member.roles = body.roles
      attempt.write(.member(member), in: .tenant)
    }
    var invitation = InvitationEntity()
    invitation.key = body.inviteKey
    invitation.member = body.member
    invitation.isServerVouched = isServer
    invitation.invitedIndex = attempt.context.ledgerIndex
    attempt.write(.invitation(invitation), in: .tenant)
    return .applied()
  }

  /// Nobody takes the admin role from themselves, so that there is always an admin with a working device.
  static func setRoles(_ body: SetRoles, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin)
    guard var member = try attempt.member(body.member), !member.isRemoved else { throw .refused(.notFound) }
    try requireFair(body.roles)
    guard member.id != attempt.member.id || body.roles.contains(.admin) else { throw .refused(.notPermitted) }
    guard Set(member.roles) != Set(body.roles) else { throw .refused(.nothingChanged) }
    let lost = Set(member.roles + member.formerRoles).subtracting(body.roles)
    member.formerRoles = lost.sorted()
    member.roles = body.roles
    attempt.write(.member(member), in: .tenant)
    return .applied()
  }

  private static func requireFair(_ roles: [Role]) throws(Halt) {
    guard !roles.isEmpty, Set(roles).count == roles.count else { throw .refused(.malformed) }
  }
}
