// What every outbox must do beside sending: damaged rows, new identities, pruning, and what outlives the cache.
import ReviewModel
import Storage
import Testing
import Trust

@Suite struct OutboxKeepingTests {
  @Test(arguments: StoreFlavour.allCases)
  func `a quarantined row is shown and never sent`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...2, to: outbox)
      _ = try outbox.append([Given.mutation(3)])
      try outbox.record([Given.answer(number: 1, seq: 10)])
      try outbox.quarantine(2, reason: "its signature is not ours")
      try outbox.quarantine(2, reason: "another")
      #expect(try outbox.row(mutation: Given.id(2))?.quarantineReason == "its signature is not ours")
      #expect(try outbox.unanswered().map(\.row) == [3])
      #expect(try outbox.replayable().map(\.row) == [1, 3])
      #expect(try outbox.offered(lane: 1).isEmpty)
      #expect(try outbox.answered(isRefused: true, limit: 5).map(\.row) == [2])
      #expect(try outbox.counts().quarantined == 1)
      #expect(try outbox.quarantined(lane: 1) == [2])
      #expect(try outbox.quarantined(lane: 0).isEmpty)
      let late = #expect(throws: StorageError.self) { try outbox.quarantine(1, reason: "late") }
      #expect(late?.code == .conflict)
      let none = #expect(throws: StorageError.self) { try outbox.quarantine(9, reason: "none") }
      #expect(none?.code == .notFound)
      try outbox.record([Given.answer(number: 2, seq: 11)])
      #expect(try outbox.row(mutation: Given.id(2))?.state == .answered)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a new identity numbers what is unanswered anew and keeps the rest`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...3, to: outbox)
      _ = try outbox.append([Given.mutation(4)])
      try outbox.record([Given.answer(number: 1, seq: 10)])
      try outbox.quarantine(2, reason: "damaged")
      let enrolment = Given.digest(500)
      try outbox.renumber(afterEnrolment: enrolment)
      #expect(try outbox.lanes() == [1: LanePosition(number: 1, hash: enrolment)])
      #expect(try outbox.quarantined(lane: 1).isEmpty, "the number was the old identity's")
      #expect(try outbox.offered(lane: 1).isEmpty)
      let rows = try outbox.unanswered()
      #expect(rows.map(\.row) == [3, 4])
      #expect(rows.allSatisfy { $0.number == nil && $0.envelope == nil && $0.state == .queued })
      let again = try outbox.offer(lane: 1, limit: OfferLimit(mutations: 9, bytes: 1 << 20), sign: Given.sign)
      #expect(again.map(\.number) == [2, 3])
      #expect(again.map(\.mutation.mutationID) == [Given.id(3), Given.id(4)])
      #expect(try again[0].envelope?.envelope().previousHash == enrolment)
      // Number 2 of the old identity was row 2; an answer is for the new one's.
      try outbox.record([Given.answer(number: 2, seq: 20)])
      #expect(try outbox.row(mutation: Given.id(3))?.answer?.commitSeq == 20)
      #expect(try outbox.row(mutation: Given.id(2))?.state == .quarantined)
      #expect(try outbox.row(mutation: Given.id(1))?.answer?.commitSeq == 10)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `what older rules did not know is kept, and queued again for newer ones`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...3, to: outbox)
      try outbox.record([
        Given.answer(number: 1, seq: 10, outcome: .rejected(.unsupported), rulesVersion: 1),
        Given.answer(number: 2, seq: 11, outcome: .rejected(.notFound), rulesVersion: 1),
        Given.answer(number: 3, seq: 12, outcome: .rejected(.unsupported), rulesVersion: 2),
      ])
      try outbox.retire(throughSeq: 20)
      #expect(try outbox.prune(durableThrough: 99, answeredBeforeMilliseconds: .max, keepBytes: 0) == 1)
      #expect(try outbox.counts().refused == 2)
      #expect(try outbox.offerAgain(refusedBelowRules: 1) == 0)
      #expect(try outbox.offerAgain(refusedBelowRules: 2) == 1)
      let row = try #require(try outbox.row(mutation: Given.id(1)))
      #expect(row.state == .queued && row.number == nil && row.envelope == nil && row.answer == nil)
      #expect(try outbox.replayable().map(\.row) == [1] && outbox.unanswered().map(\.row) == [1])
      let offered = try outbox.offer(lane: 1, limit: OfferLimit(mutations: 9, bytes: 1 << 20), sign: Given.sign)
      #expect(offered.map(\.number) == [4] && offered.map(\.mutation.mutationID) == [Given.id(1)])
      #expect(try outbox.row(mutation: Given.id(3))?.state == .answered)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `answered rows are forgotten once durable, seen, and old or beyond the bytes`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...6, to: outbox)
      try outbox.record((1...5).map { Given.answer(number: UInt64($0), seq: UInt64($0), atMilliseconds: UInt64($0 * 100)) })
      func prune(_ index: UInt64, before: UInt64, keep: Int = .max) throws -> Int {
        try outbox.prune(durableThrough: index, answeredBeforeMilliseconds: before, keepBytes: keep)
      }
      #expect(try prune(.max, before: .max) == 0, "nothing was retired")
      try outbox.retire(throughSeq: 4)
      #expect(try prune(0, before: .max) == 0, "nothing is durable")
      #expect(try prune(.max, before: 100) == 0, "nothing is old")
      #expect(try prune(1, before: .max) == 0, "only the entry before it is durable")
      #expect(try prune(2, before: .max) == 1)
      #expect(try prune(.max, before: 201) == 1)
      #expect(try outbox.answered(isRefused: false, limit: 9).map(\.row) == [5, 4, 3])
      #expect(try prune(.max, before: 0, keep: 0) == 2)
      #expect(try outbox.answered(isRefused: false, limit: 9).map(\.row) == [5])
      #expect(try outbox.unanswered().map(\.row) == [6])
      #expect(try outbox.row(mutation: Given.id(5))?.answer?.statement == Array("statement".utf8))
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `checkpoints, what was read, and settings stay`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      let first = SeenNote(
        checkpoint: SeenCheckpoint(origin: "o", size: 3, root: Given.digest(3)), note: "note", seenMilliseconds: 1)
      let second = SeenNote(
        checkpoint: SeenCheckpoint(origin: "o", size: 3, root: Given.digest(4)), note: "other", seenMilliseconds: 2)
      for note in [first, second, first] { try outbox.append(checkpoint: note) }
      #expect(try outbox.checkpoints() == [first, second])
      try outbox.setLastRead([Given.id(1): Given.digest(1), Given.id(2): Given.digest(2)])
      let version = try outbox.version()
      try outbox.setLastRead([Given.id(1): Given.digest(1)])
      #expect(try outbox.version() == version)
      try outbox.setLastRead([Given.id(1): Given.digest(9)])
      #expect(try outbox.version() > version)
      #expect(try outbox.lastRead([Given.id(1), Given.id(3)]) == [Given.id(1): Given.digest(9)])
      try outbox.set("a", to: "1")
      try outbox.set("a", to: "2")
      #expect(try outbox.setting("a") == "2")
      try outbox.set("a", to: nil)
      #expect(try outbox.setting("a") == nil)
    }
  }
}
