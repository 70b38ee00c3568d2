// The merge algorithm, by examples and by random texts from a seed.
import ReviewModel
import ReviewRules
import SeededInput
import Testing
import Trust

@Suite struct MergeTests {
  private func content(_ text: String, hashtags: [String] = [], link: String = "") -> RevisionContent {
    var content = RevisionContent()
    content.text = text
    content.hashtags = hashtags
    content.link = link
    return content
  }

  private func merge(_ base: String, _ left: String, _ right: String) -> String? {
    MergeAlgorithm.merge(base: content(base), left: content(left), right: content(right))?.text
  }

  @Test func `different words merge, the same words do not`() {
    #expect(merge("a b c", "A b c", "a b C") == "A b C")
    #expect(merge("a b c", "a X c", "a Y c") == nil)
    #expect(merge("a b c", "a X c", "a X c") == "a X c")
    #expect(merge("a b c", "a c", "a b c d") == "a c d")
    #expect(merge("a", "a b", "a c") == nil, "both added at the same place")
    #expect(merge("a b c", "", "a b X") == nil)
    #expect(merge("", "a", "") == "a")
    #expect(merge("a\nb", "a\nB", "A\nb") == "A\nB")
  }

  @Test func `fields merge each for itself`() {
    let base = content("text", hashtags: ["a", "b", "c"], link: "https://one.example")
    let left = content("text", hashtags: ["c", "a", "l"], link: "https://two.example")
    let right = content("words", hashtags: ["a", "b", "r", "c"], link: "https://one.example")
    let merged = MergeAlgorithm.merge(base: base, left: left, right: right)
    #expect(merged?.text == "words")
    #expect(merged?.link == "https://two.example")
    #expect(merged?.hashtags == ["c", "a", "l", "r"])
    let other = content("text", link: "https://three.example")
    #expect(MergeAlgorithm.merge(base: base, left: left, right: other) == nil)
  }

  @Test func `media are merged as a whole`() {
    let picture = MediaReference(digest: .zero, byteCount: 1, mediaType: "image/png", fileName: "a.png")
    var left = content("text")
    left.media = [picture]
    var right = content("text")
    #expect(MergeAlgorithm.merge(base: content("text"), left: left, right: right)?.media == [picture])
    right.media = [MediaReference(digest: .zero, byteCount: 2, mediaType: "image/png", fileName: "b.png")]
    #expect(MergeAlgorithm.merge(base: content("text"), left: left, right: right) == nil)
  }

  private func sentence(_ generator: inout SeededGenerator) -> [String] {
    let words = ["water", "sleep", "the", "doctor", "says", "and", "Öl", "é", "e\u{301}", "👩‍⚕️"]
    return (0..<Int.random(in: 1...40, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }
  }

  private func edited(_ words: [String], _ generator: inout SeededGenerator, mark: String) -> [String] {
    var words = words
    for number in 0..<Int.random(in: 0...4, using: &generator) {
      let place = Int.random(in: 0...words.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: words.insert("\(mark)\(number)", at: place)
      case 1 where place < words.count: words[place] = "\(mark)\(number)"
      case 2 where place < words.count && words.count > 1: words.remove(at: place)
      default: break
      }
    }
    return words
  }

  @Test(arguments: UInt64(1)...300)
  func `merging is deterministic, symmetric in the words it keeps, and idle where nothing changed`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let words = sentence(&generator)
    let base = words.joined(separator: " ")
    let left = edited(words, &generator, mark: "L").joined(separator: " ")
    let right = edited(words, &generator, mark: "R").joined(separator: " ")
    let merged = merge(base, left, right)
    #expect(merged.map { Array($0.utf8) } == merge(base, left, right).map { Array($0.utf8) })
    #expect(merged.map { Array($0.utf8) } == merge(base, right, left).map { Array($0.utf8) })
    #expect(merge(base, left, left) == left)
    #expect(merge(base, base, right) == right)
    #expect(merge(base, left, base) == left)
    guard let merged else { return }
    for mark in ["L", "R"] {
      let new = Set((mark == "L" ? left : right).split(separator: " ").filter { $0.hasPrefix(mark) })
      #expect(new.isSubset(of: Set(merged.split(separator: " "))), "what a side wrote is kept")
    }
  }

  @Test(arguments: UInt64(1)...100)
  func `edits of different halves are both kept`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let first = sentence(&generator)
    let second = sentence(&generator)
    let changedFirst = edited(first, &generator, mark: "L")
    let changedSecond = edited(second, &generator, mark: "R")
    func joined(_ first: [String], _ second: [String]) -> String {
      (["Begin"] + first + ["=", "=", "MIDDLE", "=", "="] + second + ["End"]).joined(separator: " ")
    }
    let merged = merge(joined(first, second), joined(changedFirst, second), joined(first, changedSecond))
    #expect(merged == joined(changedFirst, changedSecond))
  }

  @Test(arguments: UInt64(1)...200)
  func `a difference gives both texts back`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let words = sentence(&generator)
    let old = words.joined(separator: " ")
    let new = edited(words, &generator, mark: "N").joined(separator: "\n")
    let segments = WordDiff.compare(old: old, new: new)
    #expect(segments.filter { $0.kind != .added }.map(\.text).joined().utf8.elementsEqual(old.utf8))
    #expect(segments.filter { $0.kind != .removed }.map(\.text).joined().utf8.elementsEqual(new.utf8))
  }

  @Test func `texts that have little in common are compared with bounded work`() {
    let old = (0..<6_000).map { "a\($0)" }.joined(separator: " ")
    let new = (0..<6_000).map { "b\($0)" }.joined(separator: " ")
    #expect(WordDiff.compare(old: "x " + old + " y", new: "x " + new + " y").count == 4)
    #expect(merge("x " + old, "x " + new, "X " + old) == nil || merge("x " + old, "x " + new, "X " + old) == "X " + new)
  }
}
