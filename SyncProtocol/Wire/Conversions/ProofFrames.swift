// The frames with which ledger entries and their proofs travel: ProofRequest and Proofs.
import Foundation
import ReviewModel
import Trust

extension ProofRequest {
  init(wire message: WireProofRequest) throws(WireError) {
    guard message.indexes.count <= WireLimits.indexesARequest else {
      throw .tooMany("proofs.indexes", limit: WireLimits.indexesARequest)
    }
    guard message.rangeCount <= UInt32(WireLimits.indexesARange) else {
      throw WireError(
        .tooLarge, "A range of the ledger has at most \(WireLimits.indexesARange) entries; ask again for the rest.")
    }
    self.init(
      request: message.request, size: message.size, indexes: message.indexes, rangeStart: message.rangeStart,
      rangeCount: message.rangeCount)
  }

  var wire: WireProofRequest {
    var message = WireProofRequest()
    message.request = request
    message.size = size
    message.indexes = indexes
    message.rangeStart = rangeStart
    message.rangeCount = rangeCount
    return message
  }
}

extension ProvedEntry {
  init(wire message: WireProvedEntry) throws(WireError) {
    self.init(
      index: message.index,
      leafRecord: try WireReading.bytes(
        message.leafRecord, "proofs.entries.leaf_record", limit: WireLimits.leafRecordBytes),
      envelope: try SignedEnvelope(wire: message.envelope, "proofs.entries.envelope"),
      inclusion: try WireReading.fixed(message.inclusion, "proofs.entries.inclusion", limit: WireLimits.proofHashes),
      parts: try WireReading.parts(message.parts, "proofs.entries.parts"))
  }

  var wire: WireProvedEntry {
    var message = WireProvedEntry()
    message.index = index
    message.leafRecord = Data(leafRecord)
    message.envelope = envelope.wire
    message.inclusion = inclusion.map(\.data)
    message.parts = parts.map { Data($0) }
    return message
  }
}

extension Proofs {
  init(wire message: WireProofs) throws(WireError) {
    guard message.refused.count <= WireLimits.indexesARange else {
      throw .tooMany("proofs.refused", limit: WireLimits.indexesARange)
    }
    self.init(
      request: message.request, size: message.size,
      entries: try WireReading.list(
        message.entries, "proofs.entries", limit: WireLimits.provedEntriesAFrame, ProvedEntry.init(wire:)),
      refused: message.refused, isLast: message.isLast)
  }

  var wire: WireProofs {
    var message = WireProofs()
    message.request = request
    message.size = size
    message.entries = entries.map(\.wire)
    message.refused = refused
    message.isLast = isLast
    return message
  }
}
