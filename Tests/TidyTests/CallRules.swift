// Calls that the project does without, and where: each rule names what to write instead.

/// A piece of code that must not stand in some folders.
struct ForbiddenCall: Sendable {
  let pattern: String
  let remedy: String
  let appliesTo: @Sendable (String) -> Bool

  /// The lines, counted from 1, on which the pattern stands as code.
  func lines(in code: [String]) -> [Int] {
    code.enumerated().filter { CallRules.contains($0.element, word: pattern) }.map { $0.offset + 1 }
  }
}

/// Checks one file for forbidden calls, unguarded promises to the compiler and marks of unfinished work.
enum CallRules {
  private static let anywhere: @Sendable (String) -> Bool = { _ in true }
  private static let tests: @Sendable (String) -> Bool = { $0.hasPrefix("Tests/") && !$0.hasPrefix("Tests/Benchmarks/") }
  private static let pure: @Sendable (String) -> Bool = { path in
    ["Sources/ReviewModel/", "Sources/ReviewRules/", "Sources/SyncEngine/"].contains { path.hasPrefix($0) }
  }
  private static let silent: @Sendable (String) -> Bool = { path in
    !["Tests/", "Sources/countersignd/", "Clients/countersign/", "Clients/countersign-relay/"].contains { path.hasPrefix($0) }
  }

  static let forbidden: [ForbiddenCall] =
    [
      ("try!", "throw, or handle the error"),
      ("as!", "use `as?` and answer the other case"),
      ("fatalError(", "throw; a broken invariant of our own is a preconditionFailure with a sentence"),
      ("nonisolated(unsafe)", "guard the state with a Mutex or an actor"),
    ].map { ForbiddenCall(pattern: $0, remedy: $1, appliesTo: anywhere) }
    + [
      ForbiddenCall(
        pattern: "sleep(", remedy: "tests never sleep: inject a clock, or wait for the event itself", appliesTo: tests),
      ForbiddenCall(
        pattern: "usleep(", remedy: "tests never sleep: inject a clock, or wait for the event itself", appliesTo: tests),
      ForbiddenCall(pattern: "print(", remedy: "only programs and tests print; return a value or log", appliesTo: silent),
    ]
    + [
      "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(", ".randomElement(",
      ".shuffled(", "UUID()", "async", "await", "Task",
    ].map {
      ForbiddenCall(pattern: $0, remedy: "what decides is pure: time, randomness and ids are parameters", appliesTo: pure)
    }

  static func forbiddenCalls(_ source: SourceText) -> [Violation] {
    forbidden.filter { $0.appliesTo(source.path) }.flatMap { call in
      call.lines(in: source.code).map { Violation(path: source.path, line: $0, remedy: "`\(call.pattern)`: \(call.remedy)") }
    }
  }

  /// `@unchecked Sendable` is a promise: a comment beside or above it names the guard that keeps it.
  static func uncheckedSendable(_ source: SourceText) -> [Violation] {
    let guards = ["guard", "mutex", "lock", "thread", "atomic", "queue", "immutable"]
    return lines(with: "@unchecked", in: source.code)
      .filter { line in !guards.contains { explanation(of: line, in: source).lowercased().contains($0) } }
      .map {
        Violation(
          path: source.path, line: $0, remedy: "`@unchecked Sendable` needs a comment that names its guard (`// Guard: …`)")
      }
  }

  /// `try?` swallows an error, so a comment says why that is right; tests may ask without explaining.
  static func unexplainedTry(_ source: SourceText) -> [Violation] {
    if source.path.hasPrefix("Tests/") { return [] }
    return lines(with: "try?", in: source.code).filter { explanation(of: $0, in: source).isEmpty }
      .map { Violation(path: source.path, line: $0, remedy: "`try?` needs a comment beside or above it that says why") }
  }

  /// Marks of unfinished work, spelled in pieces so that this file is clean itself.
  static let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]

  static func unfinishedMarks(_ source: SourceText) -> [Violation] {
    marks.flatMap { mark in
      lines(with: mark, in: source.comments).map {
        Violation(path: source.path, line: $0, remedy: "\(mark): finish it, or say plainly in docs/ what is not there yet")
      }
    }
  }

  private static func lines(with pattern: String, in text: [String]) -> [Int] {
    ForbiddenCall(pattern: pattern, remedy: "", appliesTo: anywhere).lines(in: text)
  }

  /// The comment on a line (counted from 1) together with the unbroken comment block above it.
  private static func explanation(of line: Int, in source: SourceText) -> String {
    func comment(_ index: Int) -> String { source.comments[index].filter { $0 != " " && $0 != "/" } }
    var words = comment(line - 1)
    var index = line - 2
    while index >= 0, source.code[index].allSatisfy({ $0 == " " }) || source.code[index].hasPrefix("@"),
      !source.lines[index].isEmpty
    {
      words += comment(index)
      index -= 1
    }
    return words
  }

  /// Whether a pattern stands in a line as a word of its own: not as the tail or head of a longer name, and
  /// `print(` and the like neither as a declaration nor as a method of something else.
  static func contains(_ line: String, word: String) -> Bool {
    guard line.contains(word) else { return false }
    let bytes = Array(line.utf8)
    let pattern = Array(word.utf8)
    guard let first = pattern.first, let last = pattern.last, bytes.count >= pattern.count else { return false }
    for start in 0...(bytes.count - pattern.count) where bytes[start..<(start + pattern.count)].elementsEqual(pattern) {
      let end = start + pattern.count
      if Ascii.isNameByte(first) && start > 0 && Ascii.isNameByte(bytes[start - 1]) { continue }
      if Ascii.isNameByte(last) && end < bytes.count && Ascii.isNameByte(bytes[end]) { continue }
      let before = String(decoding: bytes[..<start], as: UTF8.self)
      if before.hasSuffix("func ") { continue }
      if word == "print(" && before.hasSuffix(".") && !before.hasSuffix("Swift.") { continue }
      return true
    }
    return false
  }
}
