// What may be sent now: lane 0 before lane 1, within the server's limits of what is unanswered, in frames that fit.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// The next step of sending.
package enum PushStep: Sendable {
  case send(lane: UInt32, rows: [OutboxRow])
  case offer(lane: UInt32, limit: OfferLimit)
}

/// Book-keeping of what was offered, sent and answered in one session.
package struct PushWindow: Sendable {
  package static let lanes: [UInt32] = [0, 1]
  /// What a frame's head takes, and more.
  static let frameHeadBytes = 1 << 10
  static let envelopesAFrame = 128

  private struct Lane {
    var waiting: [OutboxRow] = []
    var sent: [UInt64: OutboxRow] = [:]
    /// Whether the outbox had nothing more to offer when it was asked last.
    var isDrained = false
  }

  private var limits = SessionLimits()
  private var states: [UInt32: Lane]
  private var sentBytes = 0
  private var isOffering = false

  /// - Parameter offered: what earlier sessions have offered and nobody has answered: sent first.
  package init(offered: [UInt32: [OutboxRow]]) {
    states = Dictionary(uniqueKeysWithValues: Self.lanes.map { ($0, Lane(waiting: offered[$0] ?? [])) })
  }

  package mutating func open(limits: SessionLimits) { self.limits = limits }

  /// Offered and not answered, sent or not.
  package var unansweredCount: Int { states.values.reduce(0) { $0 + $1.waiting.count + $1.sent.count } }

  package var sentCount: Int { states.values.reduce(0) { $0 + $1.sent.count } }

  /// Whether there is nothing left to offer, send or wait for.
  package var isIdle: Bool {
    !isOffering && states.values.allSatisfy { $0.isDrained && $0.waiting.isEmpty && $0.sent.isEmpty }
  }

  /// Rows whose answers are awaited.
  package var sentRows: [OutboxRow] { states.values.flatMap { $0.sent.values } }

  package func sentRow(lane: UInt32, number: UInt64) -> OutboxRow? { states[lane]?.sent[number] }

  package mutating func outboxChanged() {
    for lane in Self.lanes { states[lane]?.isDrained = false }
  }

  package mutating func offered(_ rows: [OutboxRow], lane: UInt32) {
    isOffering = false
    states[lane]?.isDrained = rows.isEmpty
    states[lane]?.waiting += rows
  }

  package mutating func answered(lane: UInt32, number: UInt64) {
    guard let row = states[lane]?.sent.removeValue(forKey: number) else { return }
    sentBytes -= Self.cost(of: row)
  }

  /// What to do next, nil when there is nothing or the window is full. Called until it is nil.
  package mutating func next() -> PushStep? {
    let room = Int(limits.unansweredMutations) - sentCount
    guard room > 0 else { return nil }
    for lane in Self.lanes {
      if let rows = takeFrame(lane, room: room) { return .send(lane: lane, rows: rows) }
      // A lane whose rows wait for room in the window lets nothing of a later lane go before it.
      guard states[lane]?.waiting.isEmpty ?? true else { return nil }
      guard !isOffering, states[lane]?.isDrained == false else {
        if isOffering { return nil }
        continue
      }
      let bytes = Int(limits.unansweredBytes) - sentBytes
      guard sentCount == 0 || bytes >= Envelope.withPartsByteLimit else { return nil }
      isOffering = true
      return .offer(lane: lane, limit: OfferLimit(mutations: room, bytes: bytes))
    }
    return nil
  }

  /// What a row takes in a frame, generously.
  package static func cost(of row: OutboxRow) -> Int {
    row.mutation.parts.reduce((row.envelope?.bytes.count ?? row.mutation.body.count) + 128) { $0 + $1.bytes.count + 8 }
  }

  private mutating func takeFrame(_ lane: UInt32, room: Int) -> [OutboxRow]? {
    guard let waiting = states[lane]?.waiting, !waiting.isEmpty else { return nil }
    let frameBytes = Int(limits.frameBytes) - Self.frameHeadBytes
    var rows: [OutboxRow] = []
    var bytes = 0
    for row in waiting.prefix(min(room, Self.envelopesAFrame)) {
      let cost = Self.cost(of: row)
      let isOverFrame = !rows.isEmpty && bytes + cost > frameBytes
      // One row alone always goes: every envelope fits into a frame of its own.
      let isOverWindow = sentCount + rows.count > 0 && sentBytes + bytes + cost > Int(limits.unansweredBytes)
      if isOverFrame || isOverWindow { break }
      rows.append(row)
      bytes += cost
    }
    guard !rows.isEmpty else { return nil }
    states[lane]?.waiting.removeFirst(rows.count)
    for row in rows { if let number = row.number { states[lane]?.sent[number] = row } }
    sentBytes += bytes
    return rows
  }
}
