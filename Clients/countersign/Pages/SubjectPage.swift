// Everything about one post on one page: what `show` and `review` print.
import ClientCore

/// A post with its decisions and its conversation.
struct SubjectPage {
  let width: Int
  let palette: Palette
  let now: Instant
  private let typed: @Sendable ([String]) -> String
  private let shortID: @Sendable (String) -> String

  /// - Parameter profile: where the page's post is from, so that ids that are to be typed are long enough.
  init(shell: Shell, profile: Profile? = nil) {
    width = shell.proseWidth
    palette = shell.palette
    now = shell.now()
    typed = { shell.typed($0) }
    shortID = { profile?.shortID($0, digits: ShortForm.postDigits) ?? ShortForm.post($0) }
  }

  /// The whole page; `hasHint` adds what to type to decide on it.
  func lines(_ detail: SubjectDetail, hasHint: Bool = true) -> [String] {
    var lines = head(detail) + [""] + content(detail)
    if let draft = detail.draft { lines += ["", palette.paint("Draft among the editors", .bold)] + page(detail).lines(draft) }
    lines += [""] + decisions(detail)
    if !detail.comments.isEmpty { lines += [""] + thread(detail.comments) }
    return hasHint ? lines + hint(detail) : lines
  }

  private func page(_ detail: SubjectDetail) -> RevisionPage {
    RevisionPage(platform: detail.summary.platform, width: width, palette: palette, now: now)
  }

  private func head(_ detail: SubjectDetail) -> [String] {
    let summary = detail.summary
    let arm = detail.arm.isEmpty ? "" : "arm \(detail.arm)"
    let place = [SubjectTable.medium(of: summary), summary.account, summary.locale, arm].filter { !$0.isEmpty }
    var state = ShortForm.words(summary.state)
    if summary.waitsForMe { state += ", waits for you" }
    if summary.isPending { state += " (with changes the server has not answered)" }
    let lines = [
      palette.paint(ShortForm.post(summary.post), .bold) + "  " + place.map { SafeText.line($0) }.joined(separator: " · "),
      palette.paint("State: \(state)", ShortForm.style(ofState: summary.state)),
    ]
    let path = [summary.campaign, detail.theme].filter { !$0.isEmpty }.map { SafeText.line($0) }.joined(separator: " › ")
    return lines + WordWrap.lines(path, width: width)
  }

  private func content(_ detail: SubjectDetail) -> [String] {
    guard detail.heads.count > 1 else { return detail.heads.flatMap { page(detail).lines($0) } }
    let heads = detail.heads.enumerated().flatMap { index, head in
      [palette.paint("Version \(index + 1) of \(detail.heads.count)", .red)] + page(detail).lines(head) + [""]
    }
    return heads
      + WordWrap.lines(
        "Two people changed the same words. An editor decides: " + typed(["merge", shortID(detail.summary.post)]), width: width)
  }

  private func decisions(_ detail: SubjectDetail) -> [String] {
    var lines = [palette.paint("Approvals: \(detail.approvalsGiven) of \(detail.approvalsNeeded)", .bold)]
    if !detail.assigned.isEmpty {
      lines += WordWrap.indented("asked: " + detail.assigned.map { SafeText.line($0) }.joined(separator: ", "), width: width)
    }
    for delegation in detail.delegations {
      let line = "\(SafeText.line(delegation.member)) asked \(SafeText.line(delegation.delegate)) to decide instead"
      lines += WordWrap.indented(line, width: width)
    }
    for decision in detail.decisions {
      let when = Instant(decision.at)?.relative(to: now) ?? ""
      let status = decision.status == "standing" ? "" : " (\(ShortForm.words(decision.status)))"
      let pending = decision.isPending ? " (not confirmed yet)" : ""
      let line = "\(ShortForm.words(decision.verdict)) · \(SafeText.line(decision.member)) · \(when)\(status)\(pending)"
      lines += WordWrap.indented(line, width: width)
      if !decision.reason.isEmpty {
        lines += WordWrap.indented("“\(SafeText.lines(decision.reason))”", by: "    ", width: width)
      }
      if decision.isErased { lines.append("    " + ErasureMark.text) }
    }
    return lines
  }

  /// The conversations, each under the digits that name it.
  func thread(_ comments: [CommentDetail]) -> [String] {
    var lines: [String] = []
    var last = ""
    for comment in comments {
      if comment.thread != last {
        let state = comment.isThreadResolved ? "  (resolved)" : ""
        lines.append(palette.paint("Thread \(ShortForm.post(comment.thread))\(state)", .bold))
        last = comment.thread
      }
      let marks = [
        comment.isInternal ? "internal" : "", comment.isEdited ? "edited" : "", comment.isPending ? "not confirmed yet" : "",
      ].filter { !$0.isEmpty }
      let suffix = marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"
      let when = Instant(comment.at)?.relative(to: now) ?? ""
      let head = "\(ShortForm.post(comment.comment))  \(SafeText.line(comment.member)) · \(when)\(suffix)"
      lines += WordWrap.indented(head, width: width).map { palette.paint($0, .dim) }
      let text = comment.isErased ? ErasureMark.text : SafeText.lines(comment.text)
      lines += WordWrap.indented(text, by: "    ", width: width)
    }
    return lines
  }

  private func hint(_ detail: SubjectDetail) -> [String] {
    let summary = detail.summary
    guard summary.waitsForMe, detail.heads.count == 1, summary.problem.isEmpty, !summary.isErased else { return [] }
    let post = shortID(summary.post)
    let target = post + "@" + ShortForm.revision(summary.revision)
    let decisions = ["approve", "request-changes", "reject"].map { "  " + typed([$0, target]) }
    return ["", "To decide on exactly this:"] + decisions + ["To say something about it:", "  " + typed(["comment", post])]
  }
}
