// A new identity for a copied device: vouched for by the old key, enrolled like any device, and the outbox goes on under
// it with the same mutation ids.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension Profile {
  /// Takes a new device identity. Interrupted at any point, it is repeated with the same keys. Only while the lock is held.
  func renewIdentity() async throws(ClientError) {
    let begun = openIdentity
    if begun.file.successor == nil || begun.secrets.successorSeed == nil {
      let beginning = EnrolmentStart.beginning(inviteKey: "", environment: environment)
      let seed = Hex.encode(environment.randomBytes(SigningKey.seedByteCount))
      try changeIdentity {
        $0.file.successor = IdentityFile.Successor(beginning: beginning)
        $0.secrets.successorSeed = seed
      }
    }
    let identity = openIdentity
    guard let successor = identity.file.successor, let seed = identity.secrets.successorSeed else { throw .damagedIdentity }
    let old = try identity.deviceKey()
    let key = try OpenIdentity.key(seed)
    let name = try EnrolmentStart.name(identity.file.deviceName, beginning: successor.beginning)
    let exchange = EnrolmentExchange(
      environment: environment, address: try ServerAddress(identity.file.url), tenant: identity.tenant,
      serverKey: try identity.serverKey())
    let body = Self.vouched(key: key, by: old, tenant: identity.tenant, name: name)
    let envelope = exchange.envelope(body, name: name, beginning: successor.beginning, key: key)
    let answer = try await exchange.run(envelope, device: key.publicKey.fingerprint, recoveryKey: nil)
    guard answer.response.member == identity.member else {
      throw ClientError(.refusedByServer, "The server gave the new identity to another member.", remedy: "Tell the admin.")
    }
    try storing { try outbox.renumber(afterEnrolment: envelope.envelope.hash) }
    try changeIdentity {
      $0.file.beginning = successor.beginning
      $0.file.successor = nil
      $0.secrets.deviceSeed = seed
      $0.secrets.successorSeed = nil
    }
  }

  private static func vouched(key: SigningKey, by old: SigningKey, tenant: TenantID, name: Part) -> EnrolDevice {
    var vouching = DeviceVouching()
    vouching.tenant = tenant
    vouching.oldDevice = old.publicKey.fingerprint
    vouching.deviceKey = key.publicKey
    var body = EnrolDevice()
    body.publicKey = key.publicKey
    body.name = name.digest
    body.oldDevice = old.publicKey.fingerprint
    body.oldDeviceSignature = old.sign(vouching.encoded(), as: .deviceVouching)
    return body
  }
}
