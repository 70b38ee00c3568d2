// Taking envelopes and answering them: bounded, in order, signed once a frame.
import ReviewModel
import SyncProtocol
import Trust

extension ServerSession {
  mutating func push(_ push: Push) {
    guard !push.envelopes.isEmpty else { return }
    var lane: UInt32?
    var number: UInt64 = 0
    for pushed in push.envelopes {
      // What is not canonical has no lane and no number.
      guard let envelope = try? pushed.envelope.envelope() else {
        return end(.malformedFrame, detail: "An envelope is not in canonical form; see SyncProtocol/README.md.")
      }
      guard envelope.lane == lane ?? envelope.lane, envelope.number > number else {
        return end(.malformedFrame, detail: "A push holds envelopes of one lane with ascending numbers.")
      }
      lane = envelope.lane
      number = envelope.number
    }
    guard let ticket = pushes.accept(push, lane: lane ?? 1, limits: SessionLimits()) else {
      return end(.tooLarge, detail: "More is unanswered than a session may have; wait for outcomes before pushing more.")
    }
    orders.append(.verify(ticket: ticket, push.envelopes))
  }

  mutating func verified(_ ticket: UInt64, _ result: Result<[VerifiedEnvelope], EnvelopeFault>) {
    switch result {
    case .failure(let fault): end(fault.goodbye, detail: "An envelope was refused before it was looked at (\(fault)).")
    case .success(let envelopes):
      for ready in pushes.verified(ticket, envelopes) {
        orders.append(.commit(ticket: ready.ticket, ready.envelopes))
      }
    }
  }

  mutating func committed(_ ticket: UInt64, _ results: [SubmissionResult]) {
    pushes.committed(ticket)
    let answers = results.compactMap { result -> SubmissionResult.Answer? in
      if case .answered(let answer) = result { answer } else { nil }
    }
    for frame in OutcomesFrames.make(answers, identity: identity, key: configuration.signingKey) {
      orders.append(.send(.outcomes(frame)))
    }
    for result in results {
      switch result {
      case .answered: continue
      case .forked:
        return end(
          .forked, detail: "Another envelope has this number: this device's files were copied; it needs a new identity.")
      case .numberGap: return end(.numberGap, detail: "Envelopes before this one are missing; send from the number in Welcome.")
      case .refused: return end(.unauthorized, detail: "This device is not enrolled here.")
      }
    }
    guard let seq = answers.map(\.answered.commitSeq).max() else { return }
    for changes in catchUp.owe(seq) { orders.append(.send(.changes(changes))) }
    if pushes.isEmpty { catchUp.wantNote() }
  }
}

/// Outcomes as frames that fit, each signed.
package enum OutcomesFrames {
  static func make(_ answers: [SubmissionResult.Answer], identity: SessionIdentity?, key: SigningKey) -> [Outcomes] {
    guard let identity else { return [] }
    return make(answers, tenant: identity.tenant, origin: identity.origin, key: key)
  }

  /// All of one device and one lane, ascending.
  package static func make(
    _ answers: [SubmissionResult.Answer], tenant: TenantID, origin: String, key: SigningKey
  ) -> [Outcomes] {
    var rest = answers[...]
    var frames: [Outcomes] = []
    while let first = rest.first {
      let count = FrameCodec.fitting(rest, limit: WireLimits.answersAFrame) { FrameCodec.size(of: $0.answered) }
      let chunk = rest.prefix(count)
      rest = rest.dropFirst(count)
      var statement = OutcomesStatement()
      statement.origin = origin
      statement.tenant = tenant
      statement.device = first.device
      statement.lane = first.lane
      statement.receipts = chunk.map(\.receipt)
      frames.append(
        Outcomes(lane: first.lane, answers: chunk.map(\.answered), signature: key.sign(statement.encoded(), as: .outcomes)))
    }
    return frames
  }
}
