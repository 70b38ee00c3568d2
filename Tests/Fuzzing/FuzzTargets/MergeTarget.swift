// Texts that strangers wrote meet in a merge and in a comparison: both end, and say nothing that nobody wrote.
import ReviewModel
import ReviewRules

enum MergeTarget {
  /// Three texts, with zero bytes between them.
  static let merge = FuzzTarget("merge", inputByteLimit: 2_048) { bytes in
    let texts = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    guard texts.count == 3 else { return false }
    try compare(texts[0], texts[1])
    let contents = texts.map { text in
      var content = RevisionContent()
      content.text = text
      content.hashtags = text.split(separator: " ").prefix(8).map(String.init)
      return content
    }
    let merged = MergeAlgorithm.merge(base: contents[0], left: contents[1], right: contents[2])
    let mirrored = MergeAlgorithm.merge(base: contents[0], left: contents[2], right: contents[1])
    try BrokenPromise.unless((merged == nil) == (mirrored == nil), "one side alone sees a conflict")
    try BrokenPromise.unless(merged?.text == mirrored?.text, "the sides merge to different texts")
    let unchanged = MergeAlgorithm.merge(base: contents[0], left: contents[0], right: contents[2])
    try BrokenPromise.unless(
      unchanged.map { $0.text.utf8.elementsEqual(texts[2].utf8) } ?? false, "a change of one side alone is not taken as it is")
    return merged != nil
  }

  private static func compare(_ old: String, _ new: String) throws {
    let segments = WordDiff.compare(old: old, new: new)
    let before = segments.filter { $0.kind != .added }.map(\.text).joined()
    let after = segments.filter { $0.kind != .removed }.map(\.text).joined()
    try BrokenPromise.unless(
      before.utf8.elementsEqual(old.utf8) && after.utf8.elementsEqual(new.utf8), "a comparison changes the texts")
  }
}
