// A new identity for a copied device, as the client core takes one: begun durably, vouched for by the old key, repeated until it
// succeeds, and interrupted anywhere.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedDevice {
  private static let renewalsLimit = 12

  func renew() throws {
    renewalsInARow += 1
    guard renewalsInARow <= Self.renewalsLimit else {
      throw Violation(.notSettled, "\(name) takes one new identity after the other")
    }
    if identity.successor == nil {
      identity.successor = Successor(
        key: random.key(), mutation: random.identifier(), salt: random.bytes(Part.saltByteCount), clock: clock)
    }
    try exchange()
  }

  private func exchange() throws {
    guard let successor = identity.successor else { return }
    let envelope = Self.enrolment(successor, old: identity.key, tenant: context.tenant)
    let wait = context.plan.latency.upperBound
    isComing = true
    comesBy = context.now + 2 * Self.connectingMilliseconds
    renewalAttempt += 1
    let attempt = renewalAttempt
    note("asks for a new identity \(successor.key.publicKey.fingerprint.hex.prefix(6))")
    guard condition.isUsable else { return again() }
    after(wait) {
      let life = self.life
      try self.server.enrol(envelope, key: successor.key.publicKey) { member in
        self.context.after(wait) {
          guard self.life == life, self.renewalAttempt == attempt else { return }
          try self.unlessDead {
            guard self.condition.isUsable, let member else { return self.again() }
            guard member == self.identity.member else { throw Violation(.stoppedWithoutReason, "another member's device") }
            try self.moveIn(successor, hash: envelope.envelope.hash)
          }
        }
      }
      // An answer that never comes, because the server died, is not waited for.
      self.after(60_000) { if self.renewalAttempt == attempt { try self.exchange() } }
    }
  }

  private func again() {
    let attempt = renewalAttempt
    after(random.between(1_000, 30_000)) { if self.renewalAttempt == attempt { try self.exchange() } }
  }

  /// Two files, one after the other: the process may die between them.
  private func moveIn(_ successor: Successor, hash: Digest) throws {
    guard identity.successor?.mutation == successor.mutation else { return }
    if isDiskFull { throw StorageError(.diskFull, "The disk is full; free some space.") }
    if context.has(.dropQueueOnRenewal) { files.deleteOutbox() }
    try outbox.renumber(afterEnrolment: hash)
    if random.chance(permille: 100), !context.plan.faults.isEmpty { throw DeviceDied() }
    renewalAttempt += 1
    identity.lineage.insert(id)
    if !context.excuses.revoked.isDisjoint(with: identity.lineage) {
      context.excuses.revoked.insert(successor.key.publicKey.fingerprint)
    }
    identity.key = successor.key
    identity.successor = nil
    context.totals.renewals += 1
    note("goes on as \(id.hex.prefix(6))")
    come(after: 0)
  }

  /// Number 1 of lane 1 of the new key.
  private static func enrolment(_ successor: Successor, old: SigningKey, tenant: TenantID) -> PushedEnvelope {
    var vouching = DeviceVouching()
    vouching.tenant = tenant
    vouching.oldDevice = old.publicKey.fingerprint
    vouching.deviceKey = successor.key.publicKey
    let name = Part.text("Laptop", kind: .name, salt: successor.salt)
    var body = EnrolDevice()
    body.publicKey = successor.key.publicKey
    body.name = name.digest
    body.oldDevice = old.publicKey.fingerprint
    body.oldDeviceSignature = old.sign(vouching.encoded(), as: .deviceVouching)
    let mutation = QueuedMutation(
      mutationID: successor.mutation, lane: 1, body: Mutation.enrolDevice(body).encoded(), parts: [name],
      clock: successor.clock, queuedMilliseconds: 0)
    let signing = EnvelopeSigning(tenant: tenant, key: successor.key, checkpoint: SeenCheckpoint())
    return PushedEnvelope(
      envelope: signing.sign(mutation, number: 1, previousHash: .zero), parts: [name.bytes])
  }
}
