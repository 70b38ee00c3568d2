// What every outbox must do with words that were erased: answered rows lose them, rows that may be sent again lose them later.
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@Suite struct OutboxErasingTests {
  private static let limit = OfferLimit(mutations: 9, bytes: 1 << 20)

  private static func part(_ number: Int) throws -> Part { try #require(Given.mutation(number).parts.first) }

  private static func parts(_ number: Int, in outbox: any OutboxStore) throws -> [Part]? {
    try outbox.row(mutation: Given.id(number))?.mutation.parts
  }

  @Test(arguments: StoreFlavour.allCases)
  func `an answered row loses erased parts and keeps everything else`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      var mutation = Given.mutation(1)
      let other = Part.text("stays", kind: .comment, salt: Array(repeating: 8, count: 32))
      mutation.parts = [try Self.part(1), other]
      _ = try outbox.append([mutation, Given.mutation(2)])
      _ = try outbox.offer(lane: 1, limit: Self.limit, sign: Given.sign)
      try outbox.record([Given.answer(number: 1, seq: 10), Given.answer(number: 2, seq: 11)])
      var expected = try outbox.answered(isRefused: false, limit: 9)
      expected[1].mutation.parts = [other]
      let version = try outbox.version()
      try outbox.erase(parts: [try Self.part(1).digest, Given.digest(99)])
      #expect(try outbox.answered(isRefused: false, limit: 9) == expected)
      #expect(expected[1].answer == Given.answer(number: 1, seq: 10).answer && expected[1].envelope != nil)
      let erased = try outbox.version()
      #expect(erased > version)
      try outbox.erase(parts: [try Self.part(1).digest])
      try outbox.erase(parts: [])
      #expect(try outbox.version() == erased, "there was nothing left to erase")
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a row that waits for its answer keeps erased parts until it has it`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...3, to: outbox)
      let queued = try outbox.append([Given.mutation(4)])
      let offered = try outbox.offered(lane: 1)
      let version = try outbox.version()
      let erased = Set(try [1, 2, 4].map { try Self.part($0).digest })
      try outbox.erase(parts: erased)
      #expect(try outbox.unanswered() == offered + queued)
      let marked = try outbox.version()
      #expect(marked > version)
      try outbox.erase(parts: erased)
      #expect(try outbox.version() == marked, "it was known already")
      try outbox.record([Given.answer(number: 1, seq: 10), Given.answer(number: 3, seq: 11)])
      #expect(try Self.parts(1, in: outbox) == [])
      #expect(try Self.parts(2, in: outbox) == [Self.part(2)])
      #expect(try Self.parts(3, in: outbox) == [Self.part(3)])
      try outbox.renumber(afterEnrolment: Given.digest(500))
      let again = try outbox.offer(lane: 1, limit: Self.limit, sign: Given.sign)
      #expect(try again.map(\.mutation.parts) == [[Self.part(2)], [Self.part(4)]])
      try outbox.record([Given.answer(number: 2, seq: 12), Given.answer(number: 3, seq: 13)])
      #expect(try [2, 4].map { try Self.parts($0, in: outbox) } == [[], []])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `what older rules did not know keeps its parts until newer ones have decided`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...2, to: outbox)
      try outbox.erase(parts: [try Self.part(2).digest])
      try outbox.record([
        Given.answer(number: 1, seq: 10, outcome: .rejected(.unsupported), rulesVersion: 1),
        Given.answer(number: 2, seq: 11, outcome: .rejected(.unsupported), rulesVersion: 1),
      ])
      try outbox.erase(parts: [try Self.part(1).digest])
      #expect(try outbox.offerAgain(refusedBelowRules: 2) == 2)
      let offered = try outbox.offer(lane: 1, limit: Self.limit, sign: Given.sign)
      #expect(try offered.map(\.mutation.parts) == [[Self.part(1)], [Self.part(2)]])
      try outbox.record([Given.answer(number: 3, seq: 20), Given.answer(number: 4, seq: 21)])
      #expect(try [1, 2].map { try Self.parts($0, in: outbox) } == [[], []])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a row that is put aside loses erased parts, before or after`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      try OutboxStoreTests.offerAll(1...3, to: outbox)
      try outbox.quarantine(1, reason: "damaged")
      try outbox.erase(parts: Set(try [1, 2].map { try Self.part($0).digest }))
      #expect(try [1, 2].map { try Self.parts($0, in: outbox) } == [[], [Self.part(2)]])
      try outbox.quarantine(2, reason: "damaged")
      #expect(try [2, 3].map { try Self.parts($0, in: outbox) } == [[], [Self.part(3)]])
      #expect(try outbox.counts().quarantined == 2)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `erased words count no more among the bytes that are kept`(_ flavour: StoreFlavour) throws {
    try flavour.withOutbox { outbox in
      var long = Given.mutation(2)
      let words = Part.text(String(repeating: "x", count: 10_000), kind: .comment, salt: Array(repeating: 8, count: 32))
      long.parts.append(words)
      _ = try outbox.append([Given.mutation(1), long])
      _ = try outbox.offer(lane: 1, limit: Self.limit, sign: Given.sign)
      try outbox.record([Given.answer(number: 1, seq: 1), Given.answer(number: 2, seq: 2)])
      try outbox.retire(throughSeq: 2)
      try outbox.erase(parts: [words.digest])
      #expect(try outbox.prune(durableThrough: .max, answeredBeforeMilliseconds: 0, keepBytes: 5_000) == 0)
      #expect(try Self.parts(2, in: outbox) == [Self.part(2)])
    }
  }
}

// MARK: - The file

extension OutboxErasingTests {
  /// Two rows, the first with words that are looked for: twice, as one may lie across the end of a page.
  private func fill(_ outbox: SQLiteOutboxStore, filler: String = "") throws -> Part {
    var mutation = Given.mutation(1)
    let words = Part.text(filler + "Zyxomma Zyxomma" + filler, kind: .comment, salt: Array(repeating: 8, count: 32))
    mutation.parts.append(words)
    _ = try outbox.append([mutation, Given.mutation(2)])
    _ = try outbox.offer(lane: 1, limit: Self.limit, sign: Given.sign)
    return words
  }

  @Test func `a file that is opened again knows what a row must lose, and forgets that it had to`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let first = try SQLiteOutboxStore.open(path: path)
    let words = try fill(first)
    try first.erase(parts: [words.digest])
    try first.close()
    let marker = "erased/" + words.digest.hex
    let second = try SQLiteOutboxStore.open(path: path)
    #expect(try second.setting(marker) == "")
    try second.record([Given.answer(number: 2, seq: 10)])
    #expect(try second.setting(marker) == "" && Self.parts(1, in: second)?.count == 2)
    try second.record([Given.answer(number: 1, seq: 11)])
    #expect(try second.setting(marker) == nil && Self.parts(1, in: second) == [Self.part(1)])
    try second.close()
  }

  @Test func `a change that is taken back leaves nothing to remember`() throws {
    let folder = try ScratchFolder()
    let outbox = try SQLiteOutboxStore.open(path: folder.path("outbox.sqlite"))
    let words = try fill(outbox)
    try outbox.erase(parts: [words.digest])
    try outbox.renumber(afterEnrolment: Given.digest(500))
    #expect(try outbox.cut([1]))
    #expect(try outbox.setting("erased/" + words.digest.hex) == nil)
    try outbox.close()
  }

  @Test(arguments: [0, 20_000])
  func `the open outbox's file and its log have forgotten erased words, short and long`(length: Int) throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let outbox = try SQLiteOutboxStore.open(path: path)
    let words = try fill(outbox, filler: String(repeating: "x", count: length))
    try outbox.erase(parts: [words.digest])
    #expect(try DatabaseBytes.contain("Zyxomma", path: path), "it may have to be sent again")
    try outbox.record([Given.answer(number: 1, seq: 10)])
    #expect(try !DatabaseBytes.contain("Zyxomma", path: path))
    #expect(try DatabaseBytes.contain("because 1", path: path))
    try outbox.erase(parts: [try Self.part(1).digest])
    #expect(try !DatabaseBytes.contain("because 1", path: path))
    #expect(try DatabaseBytes.contain("because 2", path: path))
    try outbox.close()
  }
}
