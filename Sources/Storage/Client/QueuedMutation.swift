// What a command appends to the outbox: everything of a change but its number, chain and signature.
import ReviewModel
import Trust

package struct QueuedMutation: Sendable, Hashable {
  package var mutationID: MutationID
  package var lane: UInt32
  package var body: [UInt8]
  package var parts: [Part]
  package var clock: HybridClock
  package var queuedMilliseconds: UInt64
  /// Of what was queued, taken when it was: bytes that a disk changed since must never be signed as what somebody said. Nil in
  /// rows of programs that did not take it.
  package let checksum: Digest?

  package init(
    mutationID: MutationID, lane: UInt32, body: [UInt8], parts: [Part], clock: HybridClock, queuedMilliseconds: UInt64
  ) {
    self.mutationID = mutationID
    self.lane = lane
    self.body = body
    self.parts = parts
    self.clock = clock
    self.queuedMilliseconds = queuedMilliseconds
    checksum = Self.checksum(mutationID, lane, body, parts, clock)
  }

  /// As a store has kept it.
  package init(
    mutationID: MutationID, lane: UInt32, body: [UInt8], parts: [Part], clock: HybridClock, queuedMilliseconds: UInt64,
    checksum: Digest?
  ) {
    self.mutationID = mutationID
    self.lane = lane
    self.body = body
    self.parts = parts
    self.clock = clock
    self.queuedMilliseconds = queuedMilliseconds
    self.checksum = checksum
  }

  /// Whether it is still what was queued. Not to be asked once its words were erased.
  package var isWhole: Bool { checksum == nil || checksum == Self.checksum(mutationID, lane, body, parts, clock) }

  /// SHA-256 of everything that is signed or sent. Each field but the last has a fixed size or its own before it.
  private static func checksum(
    _ mutationID: MutationID, _ lane: UInt32, _ body: [UInt8], _ parts: [Part], _ clock: HybridClock
  ) -> Digest {
    let numbers = [UInt64(lane), clock.wallMilliseconds, UInt64(clock.counter), UInt64(body.count)]
    let head = numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } }
    return SHA256.hash([mutationID.bytes, head, body] + parts.map(\.digest.bytes))
  }
}
