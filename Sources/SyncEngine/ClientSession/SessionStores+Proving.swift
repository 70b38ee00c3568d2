// What a session fetches to prove what is held: own answers first, then what the base rests on, and nothing unsigned is kept.
import ReviewModel
import Storage
import Trust

extension SessionStores {
  static let unsignedEvidence = "An entry of the log came without a valid signature of its device."

  /// Own answers first, then what the base rests on.
  func unproved(limit: Int, except: Set<UInt64>) throws -> [UInt64] {
    let own = try outbox.answered(isRefused: false, limit: Self.ownProofsLimit).compactMap { $0.answer?.ledgerIndex }
    let held = try cache.evidence(own)
    let missing = try cache.missingEvidence(limit: limit + except.count)
    var seen: Set<UInt64> = []
    let indexes = (own.filter { held[$0] == nil } + missing).filter { !except.contains($0) && seen.insert($0).inserted }
    return Array(indexes.prefix(limit))
  }

  /// Whether every entry carries its device's signature, which the log does not cover: damaged on its way, it would be found
  /// by the next audit, and nothing would fetch it again. What a device signed that is not known here is for the audit to tell.
  package func areSigned(_ rows: [EvidenceRow]) throws -> Bool {
    let devices = try rows.map { try $0.envelope.envelope().device }
    let keys = try self.keys(of: Set(devices))
    return zip(rows, devices).allSatisfy { row, device in keys[device].map { row.envelope.isSigned(by: $0) } ?? true }
  }

  private func keys(of devices: Set<Digest>) throws -> [Digest: PublicKey] {
    var keys: [Digest: PublicKey] = [:]
    let held = try cache.base(devices.map { .device($0) })
    for (key, stored) in held {
      // What cannot be read is mended by its digest.
      guard let device = try? DeviceEntity(tolerating: stored.payload) else { continue }
      if device.publicKey.fingerprint == device.id, key == .device(device.id) { keys[device.id] = device.publicKey }
    }
    keys[serverKey.fingerprint] = serverKey
    return keys
  }
}
