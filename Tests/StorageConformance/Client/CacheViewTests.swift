// What every cache must do with pending changes, lists, searches and evidence.
import ReviewModel
import Storage
import Testing
import Trust

@Suite struct CacheViewTests {
  private static let scope = Scope.campaign(Given.id(0))

  private func fill(_ cache: any CacheStore) throws {
    _ = try cache.grant([Self.scope])
    let values = [
      Given.subject(1), Given.subject(2), Given.decision(11, on: 1, ledgerIndex: 7), Given.decision(12, on: 1, ledgerIndex: 7),
      Given.decision(13, on: 2, ledgerIndex: 3), Given.revision(21, of: 1),
    ]
    let rows = values.enumerated().map { Given.row($1, seq: UInt64($0 + 1)) }
    _ = try cache.apply(CachedPage(scope: Self.scope, from: 0, to: 6, rows: rows))
  }

  private func update(
    _ entries: [EntityKey: OverlayEntry?], isWhole: Bool = false, index: [SubjectID: SubjectIndexRow?] = [:]
  ) -> OverlayUpdate {
    OverlayUpdate(
      entries: entries, isWhole: isWhole, position: OverlayPosition(outboxVersion: 4, baseVersion: 5), index: index)
  }

  private static func entry(_ value: EntityValue?) -> OverlayEntry { OverlayEntry(scope: scope, payload: value?.payload) }

  @Test(arguments: StoreFlavour.allCases)
  func `the view is the overlay where there is one, else the base`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      try fill(cache)
      let hidden = Given.decision(11, on: 1).key
      let new = Given.decision(14, on: 1)
      let moved = Given.decision(13, on: 1)
      try cache.update(update([hidden: Self.entry(nil), new.key: Self.entry(new), moved.key: Self.entry(moved)]))
      let view = try cache.view([hidden, new.key, moved.key, Given.decision(12, on: 1).key])
      #expect(view.mapValues(\.seq) == [new.key: 0, moved.key: 0, Given.decision(12, on: 1).key: 4])
      #expect(try cache.base([hidden]).count == 1)
      let children = try cache.children(.decision, of: (Given.id(1) as SubjectID).bytes)
      #expect(Set(children.keys) == [new.key, moved.key, Given.decision(12, on: 1).key])
      #expect(children[new.key] == StoredEntity(scope: Self.scope, seq: 0, payload: new.payload))
      #expect(try cache.children(.decision, of: (Given.id(2) as SubjectID).bytes).isEmpty)
      #expect(Set(try cache.all(.decision).keys) == Set(children.keys))
      #expect(try cache.all(.subject).mapValues(\.seq) == [Given.subject(1).key: 1, Given.subject(2).key: 2])
      #expect(try cache.overlayKeys() == [hidden, new.key, moved.key])
      #expect(try cache.overlayPosition() == OverlayPosition(outboxVersion: 4, baseVersion: 5))
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `an overlay entry is replaced or taken away, and a whole overlay replaces all`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      try fill(cache)
      let (one, two) = (Given.decision(14, on: 1), Given.decision(15, on: 2))
      try cache.update(update([one.key: Self.entry(one), two.key: Self.entry(two)]))
      try cache.update(update([one.key: nil, two.key: Self.entry(nil)]))
      #expect(try cache.overlayKeys() == [two.key])
      #expect(try cache.view([one.key, two.key]).isEmpty)
      try cache.update(update([one.key: Self.entry(one)], isWhole: true, index: [Given.id(1): Given.line(1)]))
      #expect(try cache.overlayKeys() == [one.key])
      #expect(try cache.list(SubjectFilter()) == [Given.line(1)])
      #expect(try cache.grant([]) == [Self.scope])
      #expect(try cache.overlayKeys().isEmpty)
      #expect(try cache.list(SubjectFilter()).isEmpty)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `lists filter, sort and stop`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      var lines = (1...4).map { Given.line($0, updatedMilliseconds: UInt64(10 - $0)) }
      lines[0].campaign = Given.id(77)
      lines[1].platform = "instagram"
      lines[2].state = "approved"
      lines[2].waitsForMe = false
      lines[3].item = Given.id(5)
      try cache.index(Dictionary(uniqueKeysWithValues: lines.map { ($0.subject, $0) }))
      #expect(try cache.list(SubjectFilter()) == lines.reversed())
      var few = SubjectFilter()
      few.limit = 3
      #expect(try cache.list(few) == lines.reversed().prefix(3).map { $0 })
      var filter = SubjectFilter()
      filter.campaign = Given.id(77)
      #expect(try cache.list(filter) == [lines[0]])
      filter = SubjectFilter()
      filter.platform = "instagram"
      #expect(try cache.list(filter) == [lines[1]])
      filter = SubjectFilter()
      filter.states = ["approved", "none"]
      #expect(try cache.list(filter) == [lines[2]])
      filter = SubjectFilter()
      filter.waitsForMe = true
      filter.limit = 2
      #expect(try cache.list(filter) == [lines[3], lines[1]])
      try cache.index([lines[3].subject: nil])
      #expect(try cache.list(filter) == [lines[1], lines[0]])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a long list is in order, and its lines are counted`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      #expect(try cache.subjectCounts() == SubjectCounts(all: 0, waitingForMe: 0))
      let lines = (0..<300).map { number in
        var line = Given.line(number, text: "\(number)", updatedMilliseconds: UInt64(number * 7 % 30))
        line.waitsForMe = !number.isMultiple(of: 3)
        return line
      }
      try cache.index(Dictionary(uniqueKeysWithValues: lines.map { ($0.subject, $0) }))
      let sorted = lines.sorted { ($0.updatedMilliseconds, $0.subject) < ($1.updatedMilliseconds, $1.subject) }
      #expect(try cache.list(SubjectFilter()) == sorted)
      var filter = SubjectFilter()
      filter.waitsForMe = true
      #expect(try cache.list(filter) == sorted.filter(\.waitsForMe))
      #expect(try cache.subjectCounts() == SubjectCounts(all: 300, waitingForMe: 200))
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `many lines written at once, new, changed and gone, are found by their words`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      let old = (0..<100).map { Given.line($0, text: "old\($0)") }
      try cache.index(Dictionary(uniqueKeysWithValues: old.map { ($0.subject, $0) }))
      var changes: [SubjectID: SubjectIndexRow?] = [:]
      for line in old where line.subject.bytes.last?.isMultiple(of: 5) == true { changes[line.subject] = .some(nil) }
      let gone = changes.count
      for number in 90..<187 where changes[Given.id(number)] == nil {
        changes[Given.id(number)] = Given.line(number, text: "new\(number)")
      }
      try cache.index(changes)
      #expect(gone > 0)
      #expect(Set(try cache.search(["new"], limit: 999)) == Set(changes.values.compactMap { $0 }))
      #expect(try cache.search(["old"], limit: 999).count == old.count { changes[$0.subject] == nil })
      #expect(try cache.subjectCounts().all == 187 - gone)
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `a search finds words by their beginnings and follows every change`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      let knee = Given.line(1, title: "Knees: what helps", text: "Walk every day", updatedMilliseconds: 1)
      var hip = Given.line(2, title: "Hips", text: "Walking \"helps\" too", updatedMilliseconds: 2)
      try cache.index([knee.subject: knee, hip.subject: hip])
      #expect(try cache.search(["walk", "HELP"], limit: 9) == [hip, knee])
      #expect(try cache.search(["walk"], limit: 1) == [hip])
      #expect(try cache.search(["knee"], limit: 9) == [knee])
      #expect(try cache.search(["spring linked"], limit: 9).count == 2)
      #expect(try cache.search(["walk", "elbow"], limit: 9).isEmpty)
      #expect(try cache.search(["\"", "* OR", "!"], limit: 9).isEmpty)
      #expect(try cache.search([], limit: 9).isEmpty)
      hip.text = "Swim"
      try cache.index([hip.subject: hip, knee.subject: nil])
      #expect(try cache.search(["walk"], limit: 9).isEmpty)
      #expect(try cache.search(["swim"], limit: 9) == [hip])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `ids are found by the digits they begin with`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      try fill(cache)
      let (one, two): (SubjectID, SubjectID) = (Given.id(1), Given.id(2))
      #expect(try cache.subjects(idPrefix: String(one.hex.prefix(9)), limit: 5) == [one])
      #expect(try cache.subjects(idPrefix: one.hex.uppercased(), limit: 5) == [one])
      #expect(try cache.subjects(idPrefix: "", limit: 5) == [one, two].sorted())
      #expect(try cache.subjects(idPrefix: "", limit: 1) == [min(one, two)])
      #expect(try cache.subjects(idPrefix: "xyz", limit: 5).isEmpty)
      #expect(try cache.subjects(idPrefix: one.hex + "0", limit: 5).isEmpty)
      let new = Given.subject(3)
      try cache.update(update([new.key: Self.entry(new), Given.subject(2).key: Self.entry(nil)]))
      #expect(Set(try cache.subjects(idPrefix: "", limit: 5)) == [one, Given.id(3)])
      #expect(try cache.revisions(digestPrefix: String(Given.digest(21).hex.prefix(6)), limit: 5) == [Given.digest(21)])
    }
  }

  @Test(arguments: StoreFlavour.allCases)
  func `evidence is kept by index, and what is missing is known`(_ flavour: StoreFlavour) throws {
    try flavour.withCache { cache in
      try fill(cache)
      #expect(try cache.missingEvidence(limit: 9) == [3, 7])
      #expect(try cache.missingEvidence(limit: 1) == [3])
      let row = EvidenceRow(
        index: 7, leafRecord: [1], envelope: SignedEnvelope(bytes: [2], signature: Given.signature), size: 9,
        inclusion: [Given.digest(1), Given.digest(2)])
      var later = row
      later.size = 12
      try cache.append(evidence: [row])
      #expect(try cache.evidence([7, 8]) == [7: row])
      try cache.append(evidence: [later])
      #expect(try cache.evidence([7]) == [7: later])
      #expect(try cache.missingEvidence(limit: 9) == [3])
      var all: [EvidenceRow] = []
      try cache.allEvidence { all.append($0) }
      #expect(all == [later])
      try cache.set("a", to: "1")
      #expect(try cache.setting("a") == "1")
      try cache.set("a", to: nil)
      #expect(try cache.setting("a") == nil)
    }
  }
}
