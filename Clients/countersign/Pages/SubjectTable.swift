// Lists of posts, and the line below them that says how old they are.
import ClientCore

/// Posts as rows.
enum SubjectTable {
  /// Of a text no more than this is looked at for a row.
  static let textLimit = 240

  static func lines(_ subjects: [SubjectSummary], in shell: Shell, now: Instant) -> [String] {
    var table = Table(columns: [
      Table.Column(title: "POST"), Table.Column(title: "FOR", dropOrder: 1), Table.Column(title: "STATE"),
      Table.Column(title: "CHANGED", dropOrder: 2), Table.Column(title: "CAMPAIGN", dropOrder: 3),
      Table.Column(title: "TEXT", isFlexible: true),
    ])
    let campaign = subjects.first?.campaignID
    let isMixed = subjects.contains { $0.campaignID != campaign }
    var words = SubjectWords(now: now)
    table.rows = subjects.map { subject in
      [
        Table.Cell(ShortForm.post(subject.post), .bold), Table.Cell(SafeText.line(medium(of: subject))),
        words.state(subject), Table.Cell(words.age(subject), .dim),
        Table.Cell(isMixed ? DisplayWidth.truncated(SafeText.line(subject.campaign.prefix(60)), to: 24) : ""),
        Table.Cell(snippet(of: subject)),
      ]
    }
    return table.lines(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput)
  }

  static func medium(of subject: SubjectSummary) -> String {
    subject.platform.isEmpty ? ShortForm.words(subject.documentKind) : subject.platform
  }

  private static func snippet(of subject: SubjectSummary) -> String {
    let text = SafeText.beginning(of: subject.text, characters: textLimit)
    if subject.title.isEmpty { return SafeText.line(text) }
    var line = String(SafeText.beginning(of: subject.title, characters: textLimit))
    line += ": "
    line.append(contentsOf: text)
    return SafeText.line(line)
  }

  /// `12 in review · 3 approved`, the most frequent first.
  static func states(_ subjects: [SubjectSummary]) -> String {
    let counts = Dictionary(grouping: subjects, by: \.state).mapValues(\.count)
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \(ShortForm.words($0.key))" }.joined(separator: " · ")
  }
}

/// Words that most rows share, made once.
private struct SubjectWords {
  let now: Instant
  private var states: [String: Table.Cell] = [:]
  private var age: (time: String, text: String)?

  init(now: Instant) { self.now = now }

  mutating func state(_ subject: SubjectSummary) -> Table.Cell {
    var cell = states[subject.state]
    if cell == nil {
      cell = Table.Cell(ShortForm.words(subject.state), ShortForm.style(ofState: subject.state))
      states[subject.state] = cell
    }
    return Table.Cell((cell?.text ?? "") + (subject.isPending ? " *" : ""), cell?.style ?? .plain)
  }

  mutating func age(_ subject: SubjectSummary) -> String {
    if let age, age.time == subject.updatedAt { return age.text }
    let text = Instant(subject.updatedAt)?.relative(to: now) ?? ""
    age = (subject.updatedAt, text)
    return text
  }
}

/// The dim line below lists: `synced 2 h ago · 4 waiting to send`.
enum Freshness {
  static func line(_ status: StatusReport, now: Instant) -> String {
    var parts: [String] = []
    switch (Instant(status.lastSyncedAt), status.connection) {
    case (_, "syncing"): parts.append("syncing now")
    case (let synced?, _): parts.append("synced \(synced.relative(to: now))")
    case (nil, _): parts.append("never synced")
    }
    if status.unsent > 0 { parts.append("\(status.unsent) waiting to send") }
    if status.refused > 0 { parts.append("\(status.refused) refused") }
    if status.parked > 0 { parts.append("\(status.parked) parked") }
    if status.connection == "failing", let failed = FailedTryWords.short(status, now: now) { parts.append(failed) }
    if status.connection == "stopped" { parts.append("stopped: " + SafeText.line(status.connectionDetail)) }
    return parts.joined(separator: " · ")
  }

  static func show(_ profile: Profile, in shell: Shell) throws {
    shell.output.flush()
    shell.note(line(try profile.status(), now: shell.now()), .dim)
  }
}
