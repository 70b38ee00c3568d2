// Two revisions made from one ancestor become one, field by field. Deterministic: the server decides by it and every
// device that has the three revisions comes to the same bytes.
import ReviewModel

package enum MergeAlgorithm {
  /// Changes whenever the same three revisions may merge differently.
  package static let version: UInt32 = 1

  /// The content with the changes of both sides; nil if both changed the same thing differently.
  /// `left` is the current revision; subject, target, authors and parents are taken from it.
  package static func merge(
    base: RevisionContent, left: RevisionContent, right: RevisionContent
  ) -> RevisionContent? {
    guard let text = words(base.text, left.text, right.text),
      let altText = words(base.altText, left.altText, right.altText),
      let title = words(base.title, left.title, right.title),
      let link = whole(base.link, left.link, right.link, by: { Array($0.utf8) }),
      let media = whole(base.media, left.media, right.media, by: { $0.map { $0.encoded() } })
    else { return nil }
    var merged = left
    merged.text = text
    merged.altText = altText
    merged.title = title
    merged.link = link
    merged.media = media
    merged.hashtags = orderedSet(base.hashtags, left.hashtags, right.hashtags)
    // Where the words came from is told of the current revision if both say something new.
    let provenance = whole(base.provenance, left.provenance, right.provenance, by: { $0?.encoded() })
    merged.provenance = provenance ?? left.provenance
    return merged
  }

  private static func words(_ base: String, _ left: String, _ right: String) -> String? {
    ThreeWayText.merge(base: base, left: left, right: right)
  }

  /// Compared by their bytes, because texts that merely look alike are different content.
  private static func whole<Value, Bytes: Equatable>(
    _ base: Value, _ left: Value, _ right: Value, by bytes: (Value) -> Bytes
  ) -> Value? {
    let (old, ours, theirs) = (bytes(base), bytes(left), bytes(right))
    if ours == old || ours == theirs { return right }
    return theirs == old ? left : nil
  }

  /// The left order; without what the right removed, followed by what the right added.
  private static func orderedSet(_ base: [String], _ left: [String], _ right: [String]) -> [String] {
    let names = [base, left, right].map { $0.map { Array($0.utf8) } }
    if let simple = whole(base, left, right, by: { $0.map { Array($0.utf8) } }) { return simple }
    let removed = Set(names[0]).subtracting(names[2])
    var seen: Set<[UInt8]> = []
    let kept = names[1].filter { !removed.contains($0) }
    let added = names[2].filter { !names[0].contains($0) }
    return (kept + added).filter { seen.insert($0).inserted }.map { String(decoding: $0, as: UTF8.self) }
  }
}
