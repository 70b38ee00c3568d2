// A long list as the cache gives it. Its lines become summaries one at a time, so that ten thousand of them do not stand in
// memory twice: to a short command the system's handing out of memory is a good part of its time.
import ReviewModel
import Storage

/// Subjects in the order in which lists show them.
public struct SubjectList: Sendable {
  private struct Kind: Hashable {
    var campaign: CampaignID
    var platform: String
    var documentKind: String
    var state: String
    var updatedMilliseconds: UInt64
    var isPending: Bool
    var problem: RevisionProblem?
  }

  private let rows: [SubjectIndexRow]
  /// Places in the rows.
  private let order: [Int]
  private let wordless: WordlessLines

  /// - Parameters:
  ///   - rows: what has waited longest first, as the cache answers.
  ///   - wordless: why some of them lack words.
  init(_ rows: [SubjectIndexRow], limit: Int, wordless: WordlessLines) {
    self.rows = rows
    self.wordless = wordless
    order = rows.withUnsafeBufferPointer { rows in
      // Safe: the rows are lent for the call. To take one out would copy all its strings, to look at one of its fields.
      let waiting = rows.indices.filter { rows[$0].waitsForMe }
      let rest = waiting.count == rows.count ? [] : rows.indices.reversed().filter { !rows[$0].waitsForMe }
      return Array((waiting + rest).prefix(max(0, limit)))
    }
  }

  /// How many subjects there are.
  public var count: Int { order.count }
  public var isEmpty: Bool { order.isEmpty }

  /// Every subject in turn.
  public func forEach(_ body: (SubjectSummary) throws -> Void) rethrows { try each(order, body) }

  /// One subject of each kind: among them is every campaign, platform, state and time that occurs, and every mark.
  public func forEachKind(_ body: (SubjectSummary) throws -> Void) rethrows {
    let samples = rows.withUnsafeBufferPointer { rows in
      // Safe: as above.
      var seen: Set<Kind> = []
      return order.filter { place in seen.insert(kind(of: rows[place])).inserted }
    }
    try each(samples, body)
  }

  private func each(_ places: [Int], _ body: (SubjectSummary) throws -> Void) rethrows {
    try rows.withUnsafeBufferPointer { rows in
      // Safe: as above.
      var lines = SubjectLines(wordless: wordless)
      for place in places { try body(lines.summary(rows[place])) }
    }
  }

  private func kind(of row: SubjectIndexRow) -> Kind {
    Kind(
      campaign: row.campaign, platform: row.platform, documentKind: row.documentKind, state: row.state,
      updatedMilliseconds: row.updatedMilliseconds, isPending: row.isPending,
      problem: row.text.isEmpty ? wordless.problems[row.subject] : nil)
  }
}
