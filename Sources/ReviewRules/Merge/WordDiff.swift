// What changed between two texts, word by word, for people to read.

package enum WordDiff {
  /// A run of words that both texts have, or only one of them.
  package struct Segment: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case same, removed, added }

    package var kind: Kind
    package var text: String

    package init(kind: Kind, text: String) {
      self.kind = kind
      self.text = text
    }
  }

  /// The segments in reading order; a removal comes before the addition that takes its place.
  /// Without the added ones they are the old text, without the removed ones the new.
  package static func compare(old: String, new: String) -> [Segment] {
    var table = TokenTable()
    let old = table.numbers(of: old)
    let new = table.numbers(of: new)
    var segments: [Segment] = []
    func append(_ kind: Segment.Kind, _ numbers: ArraySlice<Int>) {
      if !numbers.isEmpty { segments.append(Segment(kind: kind, text: table.text(numbers))) }
    }
    var position = 0
    for hunk in TokenDiff.hunks(old, new) {
      append(.same, old[position..<hunk.old.lowerBound])
      append(.removed, old[hunk.old])
      append(.added, new[hunk.new])
      position = hunk.old.upperBound
    }
    append(.same, old[position...])
    return segments
  }
}
