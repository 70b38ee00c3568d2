// The frames with which mutations travel and are answered: Push and Outcomes.
import Foundation
import ReviewModel
import Trust

extension SignedEnvelope {
  init(wire message: WireSignedEnvelope, _ field: String) throws(WireError) {
    self.init(
      bytes: try WireReading.bytes(message.envelope, "\(field).envelope", limit: WireLimits.envelopeWithPartsBytes),
      signature: try WireReading.fixed(message.signature, "\(field).signature"))
  }

  var wire: WireSignedEnvelope {
    var message = WireSignedEnvelope()
    message.envelope = Data(bytes)
    message.signature = signature.data
    return message
  }
}

extension PushedEnvelope {
  init(wire message: WirePushedEnvelope) throws(WireError) {
    self.init(
      envelope: try SignedEnvelope(wire: message.envelope, "push.envelopes.envelope"),
      parts: try WireReading.parts(message.parts, "push.envelopes.parts"))
    let byteCount = parts.reduce(envelope.bytes.count) { $0 + $1.count }
    guard byteCount <= WireLimits.envelopeWithPartsBytes else {
      throw .tooLong("push.envelopes", limit: WireLimits.envelopeWithPartsBytes)
    }
  }

  var wire: WirePushedEnvelope {
    var message = WirePushedEnvelope()
    message.envelope = envelope.wire
    message.parts = parts.map { Data($0) }
    return message
  }
}

extension Push {
  init(wire message: WirePush) throws(WireError) {
    self.init(
      envelopes: try WireReading.list(
        message.envelopes, "push.envelopes", limit: WireLimits.envelopesAFrame, PushedEnvelope.init(wire:)))
  }

  var wire: WirePush {
    var message = WirePush()
    message.envelopes = envelopes.map(\.wire)
    return message
  }
}

extension AnsweredEnvelope {
  init(wire message: WireAnsweredEnvelope) throws(WireError) {
    self.init(
      number: message.number, ledgerIndex: message.ledgerIndex, commitSeq: message.commitSeq,
      leafRecord: try WireReading.bytes(
        message.leafRecord, "outcomes.answers.leaf_record", limit: WireLimits.leafRecordBytes))
  }

  var wire: WireAnsweredEnvelope {
    var message = WireAnsweredEnvelope()
    message.number = number
    message.ledgerIndex = ledgerIndex
    message.commitSeq = commitSeq
    message.leafRecord = Data(leafRecord)
    return message
  }
}

extension Outcomes {
  init(wire message: WireOutcomes) throws(WireError) {
    self.init(
      lane: message.lane,
      answers: try WireReading.list(
        message.answers, "outcomes.answers", limit: WireLimits.answersAFrame, AnsweredEnvelope.init(wire:)),
      signature: try WireReading.fixed(message.signature, "outcomes.signature"))
  }

  var wire: WireOutcomes {
    var message = WireOutcomes()
    message.lane = lane
    message.answers = answers.map(\.wire)
    message.signature = signature.data
    return message
  }
}
