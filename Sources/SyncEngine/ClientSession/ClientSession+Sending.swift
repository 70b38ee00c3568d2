// Sending: what the window allows, and answers that are believed only with their evidence.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension ClientSession {
  mutating func offered(lane: UInt32, rows: [OutboxRow]) {
    window.offered(rows, lane: lane)
    pump()
  }

  /// Sends and offers until the window is full or there is nothing left.
  mutating func pump() {
    guard case .open = phase, hasGrants else { return }
    while let step = window.next() {
      switch step {
      case .send(_, let rows): order(.sendFrame(.push(Push(envelopes: rows.compactMap(Self.pushed)))))
      case .offer(let lane, let limit): order(.offer(lane: lane, limit: limit))
      }
    }
  }

  private static func pushed(_ row: OutboxRow) -> PushedEnvelope? {
    row.envelope.map { PushedEnvelope(envelope: $0, parts: row.mutation.parts.map(\.bytes)) }
  }

  mutating func received(_ outcomes: Outcomes) {
    guard case .open(let welcome) = phase else { return }
    guard let records = Self.records(outcomes) else { return stop(.badEvidence, "A leaf record cannot be read.") }
    var statement = OutcomesStatement()
    statement.origin = welcome.origin
    statement.tenant = start.identity.tenant
    statement.device = start.identity.device
    statement.lane = outcomes.lane
    statement.receipts = zip(outcomes.answers, records).map { answer, record in
      var receipt = OutcomeReceipt()
      receipt.number = answer.number
      receipt.envelopeHash = record.envelopeHash
      receipt.leafHash = MerkleHash.leaf(answer.leafRecord)
      receipt.ledgerIndex = answer.ledgerIndex
      return receipt
    }
    let bytes = statement.encoded()
    guard start.identity.serverKey.isValid(outcomes.signature, over: bytes, as: .outcomes) else {
      return stop(.badEvidence, "The server's signature under its answer does not hold.")
    }
    take(outcomes, records: records, statement: bytes)
    offerAgain(records, rules: welcome.rulesVersion)
  }

  /// An answer that a server with older rules gave, and that reaches this device only now, when the server has newer ones.
  private mutating func offerAgain(_ records: [LeafRecord], rules: UInt32) {
    guard !hasEnded, records.contains(where: { $0.outcome.code == .unsupported && $0.rulesVersion < rules }) else { return }
    order(.offerAgain(refusedBelowRules: rules))
    window.outboxChanged()
    pump()
  }

  private static func records(_ outcomes: Outcomes) -> [LeafRecord]? {
    do {
      return try outcomes.answers.map { try LeafRecord(canonical: $0.leafRecord) }
    } catch {
      return nil
    }
  }

  /// Answers whose signature holds; each must be for the envelope that was sent.
  private mutating func take(_ outcomes: Outcomes, records: [LeafRecord], statement: [UInt8]) {
    var rows: [AnsweredRow] = []
    // A clock that runs years behind must not make it old before anybody has seen it.
    let answered = max(now, welcomedMilliseconds)
    for (answer, record) in zip(outcomes.answers, records) {
      // Already answered: the first answer counts.
      guard let row = window.sentRow(lane: outcomes.lane, number: answer.number) else { continue }
      guard row.envelope?.hash == record.envelopeHash else {
        return stop(.badEvidence, "The server answered an envelope that this device did not send.")
      }
      rows.append(
        AnsweredRow(
          lane: outcomes.lane, number: answer.number,
          answer: RowAnswer(
            ledgerIndex: answer.ledgerIndex, commitSeq: answer.commitSeq, leafRecord: answer.leafRecord,
            statement: statement, signature: outcomes.signature, answeredMilliseconds: answered, isProved: false),
          isRefused: Self.isRefused(record.outcome)))
      note(record.outcome)
      window.answered(lane: outcomes.lane, number: answer.number)
      owedSeq = max(owedSeq, answer.commitSeq)
      owedSize = max(owedSize, answer.ledgerIndex &+ 1)
    }
    guard !rows.isEmpty else { return }
    hasBeenAnswered = true
    needsFinalComparison = start.isOnce
    proving.restart()
    progress.answered += UInt64(rows.count)
    order(.record(rows))
    // A long outbox is replayed once at its end, not once for every frame of answers.
    if window.unansweredCount == 0 { order(.refreshView) }
    if window.sentCount == 0, isAnswerSet {
      isAnswerSet = false
      order(.cancelTimer(.answer))
    }
    pump()
  }

  private mutating func note(_ outcome: Outcome) {
    switch outcome.status {
    case .rejected: progress.refused += 1
    case .parked: progress.parked += 1
    case .applied, .staged: if Self.isRefused(outcome) { progress.refused += 1 }
    }
  }

  /// Whether any target was not applied.
  package static func isRefused(_ outcome: Outcome) -> Bool {
    let refusals: Set<OutcomeStatus> = [.rejected, .parked]
    return refusals.contains(outcome.status) || outcome.targets.contains { refusals.contains($0.status) }
  }
}
