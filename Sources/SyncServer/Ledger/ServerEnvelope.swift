// Envelopes that the server signs itself: the first entry of a ledger, and invitations made at its console.
import ReviewModel
import Storage
import SyncEngine
import Trust

package enum ServerEnvelope {
  /// The next envelope of the server's lane 1. Nil never happens: what the server encodes is canonical.
  package static func make(
    _ mutation: Mutation, parts: [Part], tenant: TenantID, after position: LanePosition, key: SigningKey,
    mutationID: MutationID, nowMilliseconds: UInt64
  ) -> VerifiedEnvelope? {
    var envelope = Envelope()
    envelope.mutationID = mutationID
    envelope.tenant = tenant
    envelope.device = key.publicKey.fingerprint
    envelope.lane = 1
    envelope.number = position.number + 1
    envelope.previousHash = position.hash
    envelope.clock = HybridClock(wallMilliseconds: nowMilliseconds, counter: 0)
    envelope.body = mutation.encoded()
    // Its own encoding is canonical.
    return try? VerifiedEnvelope.trusted(SignedEnvelope(envelope, signedBy: key), parts: parts.map(\.bytes))
  }
}
