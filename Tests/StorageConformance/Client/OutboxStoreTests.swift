// What every outbox must do: appending, numbering, answers, and leaving the replay.
import ReviewModel
import Storage
import Testing
import Trust

@Suite struct OutboxStoreTests {
  @Test(arguments: StoreFlavour.allCases)
  func `what is appended is unanswered and replayed in order`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      let before = try outbox.version()
      let first = try outbox.append([Given.mutation(1), Given.mutation(2, lane: 0)])
      let second = try outbox.append([Given.mutation(3)])
      #expect(first.map(\.row) + second.map(\.row) == [1, 2, 3])
      #expect(try outbox.unanswered() == first + second)
      #expect(try outbox.replayable() == first + second)
      #expect(try outbox.row(mutation: Given.id(2)) == first[1])
      #expect(try outbox.row(mutation: Given.id(9)) == nil)
      #expect(try outbox.version() > before)
      let counts = try outbox.counts()
      #expect(counts.queued == 3)
      #expect(counts.oldestUnansweredMilliseconds == 1_001)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a mutation id is taken once, and a refused append leaves nothing`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      _ = try outbox.append([Given.mutation(1)])
      #expect(throws: StorageError.self) { try outbox.append([Given.mutation(2), Given.mutation(1)]) }
      #expect(try outbox.unanswered().map(\.mutation.mutationID) == [Given.id(1)])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `offering numbers each lane without gaps and chains the hashes`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      _ = try outbox.append([Given.mutation(1), Given.mutation(2, lane: 0), Given.mutation(3), Given.mutation(4)])
      let limit = OfferLimit(mutations: 2, bytes: 1 << 20)
      let first = try outbox.offer(lane: 1, limit: limit, sign: Given.sign)
      let second = try outbox.offer(lane: 1, limit: limit, sign: Given.sign)
      let safety = try outbox.offer(lane: 0, limit: limit, sign: Given.sign)
      #expect(first.map(\.number) == [1, 2])
      #expect(second.map(\.number) == [3])
      #expect(safety.map(\.number) == [1])
      let chain = try (first + second).map { try #require($0.envelope) }
      #expect(try chain.map { try $0.envelope().previousHash } == [.zero, chain[0].hash, chain[1].hash])
      #expect(
        try outbox.lanes() == [
          1: LanePosition(number: 3, hash: chain[2].hash),
          0: LanePosition(number: 1, hash: try #require(safety[0].envelope).hash),
        ])
      #expect(try outbox.offered(lane: 1) == first + second)
      #expect(try outbox.offer(lane: 1, limit: limit, sign: Given.sign) == [])
      #expect(try outbox.unanswered().map(\.state) == [.offered, .offered, .offered, .offered])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `an offer keeps to its bytes, but offers at least one`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      _ = try outbox.append((1...3).map { Given.mutation($0, bodyBytes: 1_000) })
      let none = OfferLimit(mutations: 10, bytes: 0)
      #expect(try outbox.offer(lane: 1, limit: none, sign: Given.sign).count == 1)
      let both = OfferLimit(mutations: 10, bytes: 2_600)
      #expect(try outbox.offer(lane: 1, limit: both, sign: Given.sign).map(\.number) == [2, 3])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `when signing fails, nothing was offered`(_ flavour: StoreFlavour) throws {
    struct Broken: Error {}
    try flavour.withOutbox { outbox in
      let rows = try outbox.append([Given.mutation(1), Given.mutation(2)])
      let limit = OfferLimit(mutations: 10, bytes: 1 << 20)
      let failure = #expect(throws: StorageError.self) {
        try outbox.offer(lane: 1, limit: limit) { row, last in
          guard row.row == 1 else { throw Broken() }
          return Given.sign(row, last)
        }
      }
      #expect(failure?.code == .signing)
      let wrong = #expect(throws: StorageError.self) {
        try outbox.offer(lane: 1, limit: limit) { row, _ in Given.sign(row, LanePosition(number: 4, hash: .zero)) }
      }
      #expect(wrong?.code == .conflict)
      #expect(try outbox.unanswered() == rows)
      #expect(try outbox.lanes().isEmpty)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `what was never offered is cut as a whole or not at all, and its row is not used again`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      _ = try outbox.append((1...3).map { Given.mutation($0) })
      _ = try outbox.offer(lane: 1, limit: OfferLimit(mutations: 1, bytes: 1 << 20), sign: Given.sign)
      #expect(try !outbox.cut([2, 1]) && !outbox.cut([2, 99]))
      #expect(try outbox.unanswered().map(\.row) == [1, 2, 3])
      #expect(try outbox.cut([3]))
      #expect(try outbox.unanswered().map(\.row) == [1, 2])
      #expect(try outbox.append([Given.mutation(4)]).map(\.row) == [4])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `the first answer stays, and counts follow it`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try Self.offerAll(1...4, to: outbox)
      try outbox.record([
        Given.answer(number: 1, seq: 10), Given.answer(number: 2, seq: 11, outcome: .rejected(.staleRevision)),
        Given.answer(number: 3, seq: 12, outcome: .parked(.serverFault)), Given.answer(number: 77, seq: 13),
        Given.answer(lane: 0, number: 4, seq: 14),
      ])
      let version = try outbox.version()
      try outbox.record([Given.answer(number: 1, seq: 99)])
      #expect(try outbox.version() == version)
      #expect(try outbox.row(mutation: Given.id(1))?.answer == Given.answer(number: 1, seq: 10).answer)
      #expect(try outbox.answered(isRefused: false, limit: 10).map(\.row) == [3, 2, 1])
      #expect(try outbox.answered(isRefused: true, limit: 10).map(\.row) == [3, 2])
      #expect(try outbox.answered(isRefused: false, limit: 1).map(\.row) == [3])
      let counts = try outbox.counts()
      #expect([counts.queued, counts.offered, counts.refused, counts.parked, counts.quarantined] == [0, 1, 1, 1, 0])
      #expect(try outbox.offered(lane: 1).map(\.number) == [4])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `an answered row is replayed until the cache has reached its commit`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try Self.offerAll(1...4, to: outbox)
      try outbox.record([Given.answer(number: 1, seq: 10), Given.answer(number: 2, seq: 20)])
      #expect(try outbox.replayable().map(\.row) == [1, 2, 3, 4])
      try outbox.retire(throughSeq: 10)
      #expect(try outbox.replayable().map(\.row) == [2, 3, 4])
      try outbox.retire(throughSeq: 20)
      try outbox.record([Given.answer(number: 3, seq: 15)])
      #expect(try outbox.replayable().map(\.row) == [4])
      try outbox.retire(throughSeq: 0)
      try outbox.record([Given.answer(number: 4, seq: 16)])
      #expect(try outbox.replayable().map(\.row) == [4])
      #expect(try outbox.unanswered().isEmpty)
    }
  }

  static func offerAll(_ numbers: ClosedRange<Int>, to outbox: any OutboxStore) throws {
    _ = try outbox.append(numbers.map { Given.mutation($0) })
    _ = try outbox.offer(lane: 1, limit: OfferLimit(mutations: 1_000, bytes: 1 << 30), sign: Given.sign)
  }
}
