// What people do all day, as commands: reviewers decide and ask, editors rewrite and answer.

package enum Work {
  /// Refused here by the rules (6, 8, 9) is an answer, not a failure.
  package static let answers: Set<Int32> = [0, 6, 8, 9]

  /// A reviewer's next command on a post at an exact revision.
  package static func review(_ reference: String, _ post: String, _ dice: inout SeededDice) -> [String] {
    switch dice.roll(6) {
    case 0, 1, 2: ["approve", reference]
    case 3: ["reject", reference, "--reason", "Not like this (\(dice.roll(1_000)))."]
    case 4: ["request-changes", reference, "--reason", "Please say it more simply (\(dice.roll(1_000)))."]
    default: ["comment", post, "Is this still right? (\(dice.roll(1_000)))"]
    }
  }

  /// An editor's next command on a post.
  package static func edit(_ post: String, _ dice: inout SeededDice) -> [String] {
    switch dice.roll(3) {
    case 0: ["comment", post, "See the guideline (\(dice.roll(1_000))).", "--internal"]
    default: ["revise", post, "--text", "A new text for this post, number \(dice.roll(100_000))."]
    }
  }
}
