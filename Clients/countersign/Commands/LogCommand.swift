// `countersign log`: who did what with a post, with the ledger entries that prove it.
import ArgumentParser
import ClientCore

/// Who did what with a post.
struct LogCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Show who did what with a post, and the ledger entry that proves it.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let entries = try profile.history(try profile.resolve(post).post)
    if answer.isJSON { return try answer.write(list: entries, identifier: "ledger_index", in: shell) }
    var table = Table(columns: [
      Table.Column(title: "WHEN"), Table.Column(title: "ENTRY", dropOrder: 2, isRightAligned: true),
      Table.Column(title: "PROOF", dropOrder: 1), Table.Column(title: "WHO"), Table.Column(title: "WHAT", isFlexible: true),
    ])
    table.rows = entries.map { entry in
      let revision = entry.revision.map { " " + ShortForm.revision($0) } ?? ""
      let detail = entry.detail.isEmpty ? "" : ": " + Self.detail(of: entry)
      return [
        Table.Cell(Instant(entry.at)?.local ?? "", .dim), Table.Cell(entry.ledgerIndex.map { "#\($0)" } ?? ""),
        Table.Cell(entry.evidence, entry.evidence == "proved" ? .green : .plain),
        Table.Cell(DisplayWidth.truncated(SafeText.line(entry.member), to: 20)),
        Table.Cell(ShortForm.words(entry.action) + revision + detail),
      ]
    }
    let lines = table.lines(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput)
    shell.show(lines, usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }

  /// A post's text only reminds of the revision, `show` has the whole; what people said about it is never cut here.
  private static let textColumns = 80

  static func detail(of entry: HistoryEntry) -> String {
    let detail = SafeText.line(entry.detail)
    let isText = ["created", "revised", "merged"].contains(entry.action)
    return isText ? DisplayWidth.truncated(detail, to: textColumns) : detail
  }
}
