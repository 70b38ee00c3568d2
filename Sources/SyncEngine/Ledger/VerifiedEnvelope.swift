// An envelope that has passed every check that needs no state of the tenant. Costs one signature check, so it is made
// before and beside the tenant's queue.
import ReviewModel
import SyncProtocol
import Trust

/// A pushed envelope whose form, sender and signature hold.
package struct VerifiedEnvelope: Sendable {
  package let signed: SignedEnvelope
  package let envelope: Envelope
  /// Only the parts that the body names; whatever else came beside it is dropped.
  package let parts: PartSet

  private init(signed: SignedEnvelope, envelope: Envelope, parts: PartSet) {
    self.signed = signed
    self.envelope = envelope
    self.parts = parts
  }

  /// Checks what was pushed: canonical form, tenant, device and lane, and the signature last, because it costs most.
  package static func check(
    _ pushed: PushedEnvelope, tenant: TenantID, device: Digest, key: PublicKey
  ) throws(EnvelopeFault) -> VerifiedEnvelope {
    let envelope: Envelope
    do {
      envelope = try pushed.envelope.envelope()
    } catch {
      throw .notCanonical
    }
    guard envelope.tenant == tenant, envelope.device == device, key.fingerprint == device else { throw .foreign }
    guard envelope.lane <= LedgerLimits.highestLane, envelope.number > 0 else { throw .notCanonical }
    guard pushed.envelope.isSigned(by: key) else { throw .badSignature }
    return make(pushed.envelope, envelope, parts: pushed.parts)
  }

  /// For envelopes that this process signed itself, or whose signature was checked elsewhere.
  /// - Parameter isOfLedger: whether parts that are not there were erased since.
  package static func trusted(
    _ signed: SignedEnvelope, parts: [[UInt8]], isOfLedger: Bool = false
  ) throws(EnvelopeFault) -> VerifiedEnvelope {
    do {
      return make(signed, try signed.envelope(), parts: parts, isOfLedger: isOfLedger)
    } catch {
      throw .notCanonical
    }
  }

  private static func make(
    _ signed: SignedEnvelope, _ envelope: Envelope, parts: [[UInt8]], isOfLedger: Bool = false
  ) -> VerifiedEnvelope {
    let named = Set(Mutation.partDigests(ofBody: envelope.body))
    let kept = named.isEmpty ? [] : parts.compactMap { Part($0) }.filter { named.contains($0.digest) }
    let erased = isOfLedger ? named.subtracting(kept.map(\.digest)) : []
    return VerifiedEnvelope(signed: signed, envelope: envelope, parts: PartSet(kept, erased: erased))
  }

  /// What it counts against the limit of an envelope with its parts.
  package var byteCount: Int { signed.bytes.count + Signature.byteCount + parts.byteCount }
}

/// Why an envelope is not even considered. None of these consumes a number.
package enum EnvelopeFault: Error, Sendable, Hashable {
  case notCanonical
  /// Of another tenant or another device than the session's.
  case foreign
  case badSignature

  package var goodbye: GoodbyeCode {
    switch self {
    case .notCanonical: .malformedFrame
    case .foreign: .unauthorized
    case .badSignature: .badSignature
    }
  }
}

/// The bounds of deciding.
package enum LedgerLimits {
  package static let highestLane: UInt32 = 1
  /// Envelopes decided in one group commit.
  package static let envelopesAGroup = 512
  /// How often the rules may ask for more entities for one mutation, wherever they decide. More than any rule needs that begins
  /// with nothing loaded: what runs out of rounds is a defect, not a decision.
  static let loadRounds = 64
  /// How many crashes of the server an envelope may be the only suspect of: one found it in its group, two more alone.
  static let crashesUntilParked: UInt32 = 3
  /// Roots of past sizes that are remembered while a group is decided.
  static let rememberedRoots = 1_024
}
