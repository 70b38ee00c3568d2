// What every store holds a freshly signed envelope to before it is noted as offered: a wrong one would break the lane for good.
import ReviewModel
import Trust

package enum LaneChain {
  /// Nothing was sent in the lane yet.
  package static let start = LanePosition(number: 0, hash: .zero)

  /// The lane's position after the envelope.
  /// - Throws: `conflict` unless it carries the row's mutation in the row's lane, the number after `last` and its hash.
  package static func advance(
    _ last: LanePosition, row: OutboxRow, by signed: SignedEnvelope
  ) throws(StorageError) -> LanePosition {
    let envelope: Envelope
    do {
      envelope = try signed.envelope()
    } catch {
      throw StorageError(.conflict, "Row \(row.row) was signed as bytes that are no envelope; this is a defect, report it.")
    }
    guard envelope.mutationID == row.mutation.mutationID, envelope.lane == row.mutation.lane,
      envelope.number == row.number, envelope.previousHash == last.hash
    else {
      throw StorageError(.conflict, "Row \(row.row) was signed for another place in its lane; this is a defect, report it.")
    }
    return LanePosition(number: envelope.number, hash: signed.hash)
  }

  /// What an offered row costs on the wire, about.
  package static func byteCount(_ mutation: QueuedMutation, _ signed: SignedEnvelope) -> Int {
    mutation.parts.reduce(signed.bytes.count + Signature.byteCount) { $0 + $1.bytes.count }
  }

  /// The error of a signing closure, as the store's own.
  package static func signingError(_ error: any Error) -> StorageError {
    (error as? StorageError) ?? StorageError(.signing, "What waits could not be signed (\(error)); nothing was offered.")
  }
}
