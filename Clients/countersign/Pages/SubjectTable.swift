// Lists of posts, and the line below them that says how old they are.
import ClientCore

/// Posts as rows.
enum SubjectTable {
  static func lines(_ subjects: [SubjectSummary], in shell: Shell, now: Instant) -> [String] {
    var rows = SubjectRows(now: now, isMixed: subjects.contains { $0.campaignID != subjects.first?.campaignID })
    var table = Table(columns: SubjectRows.columns)
    table.rows = subjects.map { rows.cells($0) }
    return table.lines(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput)
  }

  /// A long list, written line by line where nobody turns its pages.
  static func show(_ subjects: SubjectList, in shell: Shell, usesPager: Bool) {
    var campaigns: Set<String> = []
    subjects.forEachKind { campaigns.insert($0.campaignID) }
    var rows = SubjectRows(now: shell.now(), isMixed: campaigns.count > 1)
    var table = Table(columns: SubjectRows.columns)
    subjects.forEachKind { table.rows.append(rows.cells($0)) }
    let layout = table.layout(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput)
    if shell.terminal.isOutput {
      var lines = layout.titles.map { [$0] } ?? []
      subjects.forEach { lines.append(layout.line(rows.cells($0))) }
      return shell.show(lines, usesPager: usesPager)
    }
    subjects.forEach { shell.output.line(layout.line(rows.cells($0))) }
  }

  static func medium(of subject: SubjectSummary) -> String {
    subject.platform.isEmpty ? ShortForm.words(subject.documentKind) : subject.platform
  }

  /// `12 in review · 3 approved`, the most frequent first.
  static func states(_ subjects: [SubjectSummary]) -> String {
    let counts = Dictionary(grouping: subjects, by: \.state).mapValues(\.count)
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \(ShortForm.words($0.key))" }.joined(separator: " · ")
  }
}

/// The cells of posts. Words that most rows share are made once.
struct SubjectRows {
  /// Of a text no more than this is looked at for a row.
  static let textLimit = 240

  static let columns = [
    Table.Column(title: "POST"), Table.Column(title: "FOR", dropOrder: 1), Table.Column(title: "STATE"),
    Table.Column(title: "CHANGED", dropOrder: 2), Table.Column(title: "CAMPAIGN", dropOrder: 3),
    Table.Column(title: "TEXT", isFlexible: true),
  ]

  let now: Instant
  /// Whether there is more than one campaign.
  let isMixed: Bool
  private var states: [String: Table.Cell] = [:]
  private var age: (time: String, text: String)?

  init(now: Instant, isMixed: Bool) {
    self.now = now
    self.isMixed = isMixed
  }

  mutating func cells(_ subject: SubjectSummary) -> [Table.Cell] {
    [
      Table.Cell(ShortForm.post(subject.post), .bold), Table.Cell(SafeText.line(SubjectTable.medium(of: subject))),
      state(subject), Table.Cell(age(subject), .dim),
      Table.Cell(isMixed ? DisplayWidth.truncated(SafeText.line(subject.campaign.prefix(60)), to: 24) : ""),
      Table.Cell(Self.snippet(of: subject)),
    ]
  }

  private static func snippet(of subject: SubjectSummary) -> String {
    let mark = RevisionProblem(rawValue: subject.problem)?.mark ?? (subject.isErased ? ErasureMark.text : nil)
    let text = SafeText.beginning(of: mark ?? subject.text, characters: textLimit)
    if subject.title.isEmpty { return SafeText.line(text) }
    var line = String(SafeText.beginning(of: subject.title, characters: textLimit))
    line += ": "
    line.append(contentsOf: text)
    return SafeText.line(line)
  }

  /// What cannot be read looks like no other: whatever its facts say, nobody can decide on it here.
  private mutating func state(_ subject: SubjectSummary) -> Table.Cell {
    if !subject.problem.isEmpty { return Table.Cell(ShortForm.words(subject.problem), .red) }
    var cell = states[subject.state]
    if cell == nil {
      cell = Table.Cell(ShortForm.words(subject.state), ShortForm.style(ofState: subject.state))
      states[subject.state] = cell
    }
    return Table.Cell((cell?.text ?? "") + (subject.isPending ? " *" : ""), cell?.style ?? .plain)
  }

  private mutating func age(_ subject: SubjectSummary) -> String {
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
    if status.refusedUnseen > 0 { parts.append("\(status.refusedUnseen) refused") }
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
