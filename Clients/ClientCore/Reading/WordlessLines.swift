// The index of subjects says what a text is, not why there is none: lines that lack words are looked at once more.
import ReviewModel
import Storage
import SyncEngine
import Trust

/// Why lines lack words: these were erased, or are not what their digest names.
struct WordlessLines: Sendable {
  private(set) var erased: Set<SubjectID> = []
  private(set) var campaigns: Set<CampaignID> = []
  private(set) var problems: [SubjectID: RevisionProblem] = [:]

  private struct Line {
    var subject: SubjectID
    var revision: Digest
  }

  init() {}

  init(_ rows: [SubjectIndexRow], _ reader: EntityReader) throws {
    let (lines, nameless) = Self.wordless(rows)
    var keys = nameless.map { EntityKey.campaign($0) }
    for line in lines { keys += [EntityKey.subject(line.subject), EntityKey.revision(line.revision)] }
    guard !keys.isEmpty else { return }
    let held = try reader.entities(keys)
    for campaign in nameless where held[.campaign(campaign)]?.value.isErased == true { campaigns.insert(campaign) }
    for line in lines { note(line, in: held) }
  }

  private mutating func note(_ line: Line, in held: [EntityKey: Entity]) {
    guard case .subject(let subject) = held[.subject(line.subject)]?.value else { return }
    var row: RevisionEntity?
    if case .revision(let revision) = held[.revision(line.revision)]?.value { row = revision }
    let reading = RevisionReading(row, named: line.revision, of: subject)
    if reading == .erased { erased.insert(line.subject) }
    problems[line.subject] = RevisionProblem(reading)
  }

  /// Hardly ever any: a revision may consist of pictures alone.
  private static func wordless(_ rows: [SubjectIndexRow]) -> (lines: [Line], nameless: Set<CampaignID>) {
    rows.withUnsafeBufferPointer { rows in
      // Safe: the rows are lent for the call. To take one out would copy all its strings, to look at two of its fields.
      var lines: [Line] = []
      var nameless: Set<CampaignID> = []
      for place in rows.indices {
        if rows[place].text.isEmpty, rows[place].revision != .zero {
          lines.append(Line(subject: rows[place].subject, revision: rows[place].revision))
        }
        if rows[place].campaignName.isEmpty { nameless.insert(rows[place].campaign) }
      }
      return (lines, nameless)
    }
  }
}
