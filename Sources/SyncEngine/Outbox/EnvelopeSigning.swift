// How a queued mutation becomes a signed envelope with its place in the device's chain.
import ReviewModel
import Storage
import Trust

/// Signs rows of an outbox under one identity.
package struct EnvelopeSigning: Sendable {
  package var tenant: TenantID
  package var key: SigningKey
  /// The last checkpoint that this device has verified.
  package var checkpoint: SeenCheckpoint

  package init(tenant: TenantID, key: SigningKey, checkpoint: SeenCheckpoint) {
    self.tenant = tenant
    self.key = key
    self.checkpoint = checkpoint
  }

  /// The envelope of a row.
  ///
  /// - Parameter position: the number that the row gets, and the hash of the envelope before it.
  package func sign(_ mutation: QueuedMutation, number: UInt64, previousHash: Digest) -> SignedEnvelope {
    var envelope = Envelope()
    envelope.mutationID = mutation.mutationID
    envelope.tenant = tenant
    envelope.device = key.publicKey.fingerprint
    envelope.lane = mutation.lane
    envelope.number = number
    envelope.previousHash = previousHash
    envelope.clock = mutation.clock
    envelope.checkpoint = checkpoint
    envelope.body = mutation.body
    return SignedEnvelope(envelope, signedBy: key)
  }

  /// Whether a stored row is still what was signed: the envelope holds for this key, and every part is whole.
  package static func isIntact(_ row: OutboxRow, key: PublicKey) -> Bool {
    guard row.mutation.isWhole, let signed = row.envelope, let number = row.number, signed.isSigned(by: key) else {
      return false
    }
    do {
      let envelope = try signed.envelope()
      return envelope.number == number && envelope.lane == row.mutation.lane && envelope.body == row.mutation.body
        && envelope.mutationID == row.mutation.mutationID
    } catch {
      return false
    }
  }
}
