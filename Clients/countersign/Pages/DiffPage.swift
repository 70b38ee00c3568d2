// A comparison of two revisions, word by word. Marks stand around what differs, so that it is clear without colours.
import ClientCore

/// `[-gone-]` and `{+new+}`.
enum DiffPage {
  /// Of a conflicted post every version in turn.
  static func lines(_ diff: RevisionDiff, width: Int, palette: Palette) -> [String] {
    if diff.others.isEmpty { return comparison(diff, width: width, palette: palette) }
    let versions = [diff] + diff.others
    return WordWrap.lines("\(versions.count) versions stand side by side; an editor must merge them.", width: width)
      + versions.flatMap { [""] + comparison($0, width: width, palette: palette) }
  }

  private static func comparison(_ diff: RevisionDiff, width: Int, palette: Palette) -> [String] {
    let from = diff.from.isEmpty ? "nothing" : ShortForm.revision(diff.from)
    let head = palette.paint("\(ShortForm.post(diff.post))  \(from) → \(ShortForm.revision(diff.to))", .bold)
    if diff.fields.isEmpty { return [head, "  Nothing differs."] }
    return [head]
      + diff.fields.flatMap { field in
        [palette.paint(ShortForm.words(SafeText.line(field.name)), .dim)]
          + WordWrap.indented(joined(field.segments).map(marked).joined(), width: width).map { painted($0, palette) }
      }
  }

  /// Neighbouring changes in one: spaces alone do not keep two changes apart. What goes stands before what comes.
  static func joined(_ segments: [DiffSegment]) -> [DiffSegment] {
    guard var segmentLike = segments.first else { return [] }
    var result: [DiffSegment] = []
    var removed = ""
    var added = ""
    var gap = ""
    func close() {
      for (kind, text) in [("removed", removed), ("added", added), ("same", gap)] where !text.isEmpty {
        (segmentLike.kind, segmentLike.text) = (kind, text)
        result.append(segmentLike)
      }
      (removed, added, gap) = ("", "", "")
    }
    for segment in segments {
      let isChange = segment.kind == "removed" || segment.kind == "added"
      let isInside = !removed.isEmpty || !added.isEmpty
      if !isChange && isInside && segment.text.allSatisfy({ $0 == " " }) {
        gap += segment.text
      } else if isChange {
        if !gap.isEmpty { (removed, added, gap) = (removed + gap, added + gap, "") }
        if segment.kind == "removed" { removed += segment.text } else { added += segment.text }
      } else {
        close()
        result.append(segment)
      }
    }
    close()
    return result
  }

  /// The segment as text, with marks if it is not the same in both.
  static func marked(_ segment: DiffSegment) -> String {
    let text = SafeText.lines(segment.text)
    let (opening, closing) =
      switch segment.kind {
      case "removed": ("[-", "-]")
      case "added": ("{+", "+}")
      default: ("", "")
      }
    if opening.isEmpty { return text }
    let before = text.prefix { $0 == " " || $0 == "\n" }
    let body = TextEditor.trimmed(String(text.dropFirst(before.count)))
    let after = text.dropFirst(before.count + body.count)
    // Spaces stay outside of the marks, so that lines break well; a segment of spaces alone is marked as it is.
    return body.isEmpty ? opening + text + closing : "\(before)\(opening)\(body)\(closing)\(after)"
  }

  /// Colours between marks. A mark may have begun on an earlier line; then only its end is coloured.
  private static func painted(_ line: String, _ palette: Palette) -> String {
    guard palette.isEnabled else { return line }
    return line.replacing("[-", with: "\u{1B}[31m[-").replacing("-]", with: "-]\u{1B}[0m")
      .replacing("{+", with: "\u{1B}[32m{+").replacing("+}", with: "+}\u{1B}[0m")
  }
}
