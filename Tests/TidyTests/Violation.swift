// What a broken rule looks like to the person who broke it: where, and what to do about it.
import Testing

/// One place where a rule of the repository is broken.
struct Violation: CustomStringConvertible {
  let path: String
  /// Counted from 1; 0 when the whole file is meant.
  let line: Int
  /// A sentence that says what is wrong and what to do.
  let remedy: String

  var description: String { line > 0 ? "\(path):\(line): \(remedy)" : "\(path): \(remedy)" }
}

/// Fails the running test with the list of violations, if there are any.
func expectNone(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
  let list = violations.map { "  \($0)" }.joined(separator: "\n")
  #expect(violations.isEmpty, "\(violations.count) to mend:\n\(list)", sourceLocation: sourceLocation)
}
