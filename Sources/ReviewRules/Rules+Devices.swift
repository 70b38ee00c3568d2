// Devices: how a key becomes a member's, who says so, and how it ends.
import ReviewModel
import Trust

extension Rules {
  static func enrolDevice(_ body: EnrolDevice, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let id = body.publicKey.fingerprint
    guard attempt.context.actor.device == id else { throw .refused(.malformed) }
    if let known = try attempt.device(id) {
      throw .refused(known.isRevoked ? .deviceRevoked : .alreadyEnrolled)
    }
    var device = DeviceEntity()
    device.id = id
    device.publicKey = body.publicKey
    let name = try attempt.parts.name(body.name)
    device.name = name.text
    device.partDigests = name.partDigests
    switch (body.inviteKey, body.inviteSignature, body.oldDevice, body.oldDeviceSignature) {
    case (let key?, let signature?, nil, nil): try bind(&device, invitation: key, signature, &attempt)
    case (nil, nil, let old?, let signature?): try bind(&device, vouchedBy: old, signature, &attempt)
    default: throw .refused(.malformed)
    }
    device.enrolledIndex = attempt.context.ledgerIndex
    attempt.write(.device(device), in: .tenant)
    attempt.touch(.member(device.member))
    return .applied()
  }

  private static func bind(
    _ device: inout DeviceEntity, invitation key: PublicKey, _ signature: Signature, _ attempt: inout Attempt
  ) throws(Halt) {
    var statement = InvitationVouching()
    statement.tenant = attempt.context.tenant
    statement.inviteKey = key
    statement.deviceKey = device.publicKey
    guard case .invitation(var invitation) = try attempt.entity(.invitation(key))?.value,
      key.isValid(signature, over: statement.encoded(), as: .invitation),
      let member = try attempt.member(invitation.member), !member.isRemoved
    else { throw .refused(.invitationInvalid) }
    guard invitation.usedBy == nil else { throw .refused(.invitationUsed) }
    device.member = invitation.member
    device.binding = invitation.isServerVouched ? .serverVouched : .adminSigned
    invitation.usedBy = device.id
    attempt.write(.invitation(invitation), in: .tenant)
  }

  private static func bind(
    _ device: inout DeviceEntity, vouchedBy id: Digest, _ signature: Signature, _ attempt: inout Attempt
  ) throws(Halt) {
    var statement = DeviceVouching()
    statement.tenant = attempt.context.tenant
    statement.oldDevice = id
    statement.deviceKey = device.publicKey
    guard var old = try attempt.device(id), old.publicKey.isValid(signature, over: statement.encoded(), as: .deviceVouching),
      let member = try attempt.member(old.member), !member.isRemoved
    else { throw .refused(.invitationInvalid) }
    guard !old.isRevoked else { throw .refused(.deviceRevoked) }
    guard old.vouchedFor.count < RuleLimits.vouchedDevices else { throw .refused(.tooManyTargets) }
    // What ends such a row is an admin's word, so the refusal is the one that asks for an invitation.
    guard try vouchingDepth(of: old, &attempt) < RuleLimits.vouchingDepth else { throw .refused(.invitationInvalid) }
    device.member = old.member
    device.binding = .deviceVouched
    device.vouchedBy = id
    old.vouchedFor.append(device.id)
    attempt.write(.device(old), in: .tenant)
  }

  /// How many devices in a row rest on the word of the one before, up to this one; 0 for one that was invited or that an
  /// admin vouched for. Looks no further than the limit.
  private static func vouchingDepth(of device: DeviceEntity, _ attempt: inout Attempt) throws(Halt) -> Int {
    var depth = 0
    var current = device
    while depth < RuleLimits.vouchingDepth, current.binding == .deviceVouched, let id = current.vouchedBy {
      guard let older = try attempt.device(id) else { break }
      current = older
      depth += 1
    }
    return depth
  }

  /// An admin's word for somebody else's device.
  static func vouchDevice(_ body: VouchDevice, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin)
    guard var device = try attempt.device(body.device), device.publicKey.fingerprint == device.id else {
      throw .refused(.notFound)
    }
    guard device.member != attempt.member.id else { throw .refused(.notPermitted) }
    guard !device.isRevoked else { throw .refused(.deviceRevoked) }
    guard device.binding != .adminSigned else { throw .refused(.nothingChanged) }
    device.binding = .adminSigned
    attempt.write(.device(device), in: .tenant)
    return .applied()
  }

  /// An admin ends any device but the one that signs; a member the others of their own. What an admin revokes
  /// before it is known stays revoked when it arrives.
  static func revokeDevice(_ body: RevokeDevice, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    guard body.device != attempt.context.actor.device else { throw .refused(.notPermitted) }
    guard let device = try attempt.device(body.device) else {
      guard attempt.has(.admin) else { throw .refused(.notFound) }
      var unknown = DeviceEntity()
      unknown.id = body.device
      unknown.isRevoked = true
      attempt.write(.device(unknown), in: .tenant)
      return .applied()
    }
    guard attempt.has(.admin) || device.member == attempt.member.id else { throw .refused(.notPermitted) }
    guard !device.isRevoked else { throw .refused(.nothingChanged) }
    try revoke(device, &attempt)
    return .applied()
  }

  /// The device and those it vouched for, but for the one that signs and what an admin has vouched for since; also those behind one
  /// that was revoked before, which a thief could put in between. Level by level, because each is one round of loading: the
  /// number of rounds is then bounded by the depth, not by how many they are.
  private static func revoke(_ device: DeviceEntity, _ attempt: inout Attempt) throws(Halt) {
    let signer = attempt.context.actor.device
    var revoked: [DeviceEntity] = []
    var level = [device]
    while !level.isEmpty {
      revoked += level.filter { !$0.isRevoked }
      let ids = level.flatMap(\.vouchedFor).filter { $0 != signer }
      try attempt.require(ids.map { .device($0) })
      level = []
      for id in ids {
        guard let vouched = try attempt.device(id), vouched.binding == .deviceVouched else { continue }
        level.append(vouched)
      }
    }
    for var device in revoked {
      device.isRevoked = true
      attempt.write(.device(device), in: .tenant)
    }
    // Thousands of links would not fit into the ledger's record.
    guard revoked.count > RuleLimits.linkedDevices else { return }
    attempt.leaveOutOfTouched(revoked.dropFirst().map { .device($0.id) })
  }
}
