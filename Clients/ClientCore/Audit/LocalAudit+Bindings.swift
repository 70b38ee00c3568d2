// Whose word a device's binding to its member rests on: the enrolment, the invitation behind it, or the former device.
import ReviewModel
import SyncEngine
import Trust

extension LocalAudit {
  mutating func checkBindings() {
    for device in devices.values.sorted(by: { $0.id < $1.id }) {
      let name = "The device \(device.id.hex.prefix(8))"
      guard device.publicKey.fingerprint == device.id else {
        findings.problem("\(name) has a key that does not fit its id.")
        continue
      }
      if isServerVouched(device, depth: 0) { findings.serverVouched += 1 }
      guard let index = device.enrolledIndex, let entry = entries[index] else { continue }
      guard case .enrolDevice(let body) = entry.mutation, body.publicKey == device.publicKey,
        entry.envelope.device == device.id, entry.record.outcome.status == .applied
      else {
        findings.problem("\(name) was not enrolled by the ledger entry that it names.")
        continue
      }
      checkVouching(device, body, name: name)
    }
  }

  private mutating func checkVouching(_ device: DeviceEntity, _ body: EnrolDevice, name: String) {
    if let inviteKey = body.inviteKey, let signature = body.inviteSignature {
      var vouching = InvitationVouching()
      vouching.tenant = tenant
      vouching.inviteKey = inviteKey
      vouching.deviceKey = device.publicKey
      findings.signature(
        inviteKey.isValid(signature, over: vouching.encoded(), as: .invitation),
        else: "\(name) was not vouched for by its invitation.")
      checkInvitation(inviteKey, device, name: name)
    } else if let old = body.oldDevice, let signature = body.oldDeviceSignature {
      var vouching = DeviceVouching()
      vouching.tenant = tenant
      vouching.oldDevice = old
      vouching.deviceKey = device.publicKey
      let isValid = key(of: old)?.isValid(signature, over: vouching.encoded(), as: .deviceVouching) ?? false
      findings.signature(isValid, else: "\(name) was not vouched for by its member's former device.")
      if let former = devices[old], former.member != device.member {
        findings.problem("\(name) belongs to another member than the device that vouched for it.")
      }
    } else {
      findings.problem("\(name) was enrolled without anybody's word.")
    }
  }

  private mutating func checkInvitation(_ key: PublicKey, _ device: DeviceEntity, name: String) {
    guard let invitation = invitations[key] else {
      return findings.problem("\(name) was enrolled with an invitation that is not held.")
    }
    if invitation.member != device.member { findings.problem("\(name) belongs to another member than its invitation names.") }
    guard let index = invitation.invitedIndex, let entry = entries[index] else { return }
    guard case .inviteMember(let body) = entry.mutation, body.inviteKey == key, body.member == device.member,
      entry.record.outcome.status == .applied
    else {
      return findings.problem("\(name)'s invitation is not what the ledger entry that it names says.")
    }
    if entry.isByServer, device.binding == .adminSigned {
      findings.problem("\(name) is said to be invited by an admin, but the server alone signed its invitation.")
    }
  }

  /// Whether a binding rests on the server's word alone, through former devices too.
  private func isServerVouched(_ device: DeviceEntity, depth: Int) -> Bool {
    switch device.binding {
    case .serverVouched: return true
    case .adminSigned: return false
    case .deviceVouched:
      guard depth < 16, let old = device.vouchedBy.flatMap({ devices[$0] }) else { return true }
      return isServerVouched(old, depth: depth + 1)
    }
  }

  // MARK: The root

  /// The tenant's root is the pinned one, and the one that the person expects.
  mutating func checkRoot(pinned: String?, expected: String?) {
    let named = tenantEntity?.root?.fingerprint.hex
    if let pinned, let named, pinned != named {
      findings.problem("The tenant's root is not the one that was pinned when this device was enrolled.")
    }
    if let expected {
      let known = named ?? pinned
      if known?.lowercased() != expected.lowercased() {
        findings.problem("The tenant's root is \(known ?? "not named"), not \(expected.lowercased()).")
      }
    }
    if let key = tenantEntity?.serverKey, key != serverKey {
      findings.problem("The tenant names another server key than the one that is pinned.")
    }
  }
}
