// What people are shown of a change, word by word.
import ReviewRules
import Testing

@Suite struct WordDiffTests {
  @Test func `a changed word is a removal and an addition`() {
    let segments = WordDiff.compare(old: "Drink enough water", new: "Drink enough tea")
    #expect(
      segments == [
        WordDiff.Segment(kind: .same, text: "Drink enough "),
        WordDiff.Segment(kind: .removed, text: "water"),
        WordDiff.Segment(kind: .added, text: "tea"),
      ])
  }

  @Test func `equal texts have nothing but what is the same`() {
    #expect(WordDiff.compare(old: "As it was", new: "As it was") == [WordDiff.Segment(kind: .same, text: "As it was")])
    #expect(WordDiff.compare(old: "", new: "").isEmpty)
  }
}
