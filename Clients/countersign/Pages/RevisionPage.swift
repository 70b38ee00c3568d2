// One revision as a person reads it: as it will stand on the platform, with its files, limits and where it came from.
import ClientCore

/// The content of a revision.
struct RevisionPage {
  let platform: String
  let width: Int
  let palette: Palette
  let now: Instant

  func lines(_ revision: RevisionDetail) -> [String] {
    if revision.isErased { return ["  (The content of this revision was erased.)"] }
    if let problem = RevisionProblem(rawValue: revision.problem) { return problemLines(problem, of: revision) }
    var lines: [String] = []
    if !revision.title.isEmpty { lines += [palette.paint("  " + SafeText.line(revision.title), .bold), ""] }
    lines += WordWrap.indented(SafeText.lines(revision.text), width: width)
    if !revision.hashtags.isEmpty {
      let hashtags = revision.hashtags.map { "#" + SafeText.line($0) }.joined(separator: " ")
      lines += [""] + WordWrap.indented(hashtags, width: width).map { palette.paint($0, .cyan) }
    }
    if !revision.link.isEmpty { lines += [""] + WordWrap.indented(SafeText.line(revision.link), width: width) }
    if !revision.media.isEmpty { lines += [""] + revision.media.flatMap(mediaLines) }
    if !revision.altText.isEmpty {
      lines += WordWrap.indented("alt: " + SafeText.lines(revision.altText), by: "    ", width: width)
    }
    return lines + [""] + limitLine(revision) + originLines(revision)
  }

  /// What stands where the text would: what is wrong, and what helps.
  private func problemLines(_ problem: RevisionProblem, of revision: RevisionDetail) -> [String] {
    let sentences = WordWrap.indented(problem.sentence, width: width).map { palette.paint($0, .red) }
    let helps = WordWrap.indented("What helps: " + problem.remedy, width: width)
    return sentences + helps + [palette.paint("Revision \(ShortForm.revision(revision.digest))", .dim)]
  }

  private func mediaLines(_ media: RevisionDetail.Media) -> [String] {
    let state = media.state == "pending" ? " · not uploaded yet" : ""
    let file = "[\(SafeText.line(media.kind))] \(SafeText.line(media.name)) · \(Self.size(media.size))"
    // A decision holds for exactly the file with this digest.
    let digest = "SHA-256 " + ShortForm.revision(SafeText.line(media.digest))
    return WordWrap.indented("\(file) · \(digest)\(state)", width: width)
  }

  private func limitLine(_ revision: RevisionDetail) -> [String] {
    guard let limit = PlatformLimit.of(platform) else { return [] }
    let used = limit.used(text: revision.text, hashtags: revision.hashtags, link: revision.link)
    let isOver = used > limit.characters
    let text = "\(used) of \(limit.characters) characters" + (isOver ? " (TOO LONG)" : "")
    return [palette.paint(text, isOver ? .red : .dim)]
  }

  private func originLines(_ revision: RevisionDetail) -> [String] {
    var parts = ["Revision \(ShortForm.revision(revision.digest))"]
    if !revision.authors.isEmpty { parts.append("by " + revision.authors.map { SafeText.line($0) }.joined(separator: " and ")) }
    if let created = Instant(revision.createdAt) { parts.append(created.relative(to: now)) }
    if revision.isDraft { parts.append("DRAFT") }
    var lines = WordWrap.lines(parts.joined(separator: " · "), width: width)
    if let origin = revision.provenance {
      let text = "Drafted by \(origin.agent), prompt \(origin.prompt) \(origin.promptVersion), model \(origin.model)"
      lines += WordWrap.lines(SafeText.line(text), width: width)
    }
    return lines.map { palette.paint($0, .dim) }
  }

  /// `24 kB`, in thousands.
  static func size(_ bytes: UInt64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\((bytes + 500) / 1_000) kB"
    default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    }
  }
}
