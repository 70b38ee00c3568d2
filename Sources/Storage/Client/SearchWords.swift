// What somebody typed into a search, as the words that an index knows: runs of letters and digits.

package enum SearchWords {
  /// The words of a text; punctuation and spaces part them.
  package static func split(_ text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// The words of all given texts; empty if there is nothing to look for.
  package static func split(_ texts: [String]) -> [String] { texts.flatMap(split) }
}
