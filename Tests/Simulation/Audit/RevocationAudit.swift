// Whether a revoked device is at its end: nothing that it says later counts, nor what those say that it has vouched for. Who
// has vouched for whom is told from the enrolments alone.
import ReviewModel
import Storage
import Trust

final class RevocationAudit {
  private(set) var revoked: Set<Digest> = []
  /// The devices that each device has vouched for.
  private var vouchedFor: [Digest: [Digest]] = [:]
  /// Those that an admin has vouched for since: they rest on the admin's word.
  private var vouchedByAdmin: Set<Digest> = []

  // MARK: Entries

  /// An entry of this device, before what it says is noted.
  func check(_ outcome: Outcome, entry index: UInt64, of device: Digest) throws {
    guard outcome.countsByItself, revoked.contains(device) else { return }
    throw Violation(.revokedCounts, "entry \(index) of device \(device) counts, which was revoked before")
  }

  func note(_ mutation: Mutation, _ outcome: Outcome, on device: Digest) throws {
    guard outcome.countsByItself else { return }
    switch mutation {
    case .enrolDevice(let body):
      guard let old = body.oldDevice else { return }
      guard !revoked.contains(old) else {
        throw Violation(.revokedCounts, "the revoked device \(old) has vouched for \(body.publicKey.fingerprint)")
      }
      vouchedFor[old, default: []].append(body.publicKey.fingerprint)
    case .vouchDevice(let body): vouchedByAdmin.insert(body.device)
    case .revokeDevice(let body): revoke(body.device, by: device)
    default: return
    }
  }

  /// With all those that rest on its word, and on theirs. Whoever revokes stays.
  private func revoke(_ device: Digest, by signer: Digest) {
    var waiting = [device]
    while let next = waiting.popLast() {
      revoked.insert(next)
      waiting += (vouchedFor[next] ?? []).filter { $0 != signer && !vouchedByAdmin.contains($0) }
    }
  }

  // MARK: Writes

  /// A device at the end of a commit.
  func note(_ write: EntityWrite) throws {
    guard write.key.kind == .device, let payload = write.payload else { return }
    let device = try DeviceEntity(canonical: payload)
    guard revoked.contains(device.id), !device.isRevoked else { return }
    throw Violation(.revokedCounts, "device \(device.id) was revoked and is kept as one that is not")
  }

  // MARK: The end

  /// A revoked device that still has a session; once everything is at rest there is none. News of it may be on their way.
  func stillThere(_ devices: [SimulatedDevice]) -> Violation? {
    for device in devices {
      let hasSession = device.isAwake && device.session != nil
      let found = stillThere(device.id, name: device.name, standing: device.standing, hasSession: hasSession)
      if let found { return found }
    }
    return nil
  }

  func stillThere(
    _ device: Digest, name: String, standing: SimulatedDevice.Standing, hasSession: Bool
  ) -> Violation? {
    guard revoked.contains(device), standing == .current, hasSession else { return nil }
    return Violation(.revokedCounts, "\(name) was revoked and goes on with a session")
  }
}
