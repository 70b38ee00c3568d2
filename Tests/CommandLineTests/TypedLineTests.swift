// Every line that the program prints to be typed is one that it takes: those in the sources are found and parsed.
import Foundation
import Testing

@testable import countersign

@Suite struct TypedLineTests {
  private struct Hint {
    var place: String
    var words: [String]
  }

  private func sources() throws -> [(name: String, text: String)] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Clients/countersign")
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return try files.filter { $0.pathExtension == "swift" }.map {
      ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
    }
  }

  /// The arguments of `typed(…)`: words as they stand, anything else as an id.
  private func typedHints() throws -> [Hint] {
    try sources().flatMap { name, text in
      text.matches(of: /typed\(\[?("[^\n]*)/).map { match in
        var words: [String] = []
        var rest = match.output.1[...]
        while let literal = rest.prefixMatch(of: /"([^"\\]*)"/) {
          words.append(String(literal.output.1))
          rest = rest[literal.range.upperBound...]
          guard rest.hasPrefix(", ") else { break }
          rest = rest.dropFirst(2)
          if rest.first != "\"" { words.append(words.first == "approve" ? "1a2b3c4d@0123456789abcdef" : "1a2b3c4d") }
        }
        return Hint(place: name, words: words)
      }
    }
  }

  /// Command lines inside of other texts.
  private func writtenHints() throws -> [Hint] {
    let commands = Set(ManualPage.commandNames.compactMap { $0.split(separator: " ").first.map(String.init) } + ["help"])
    return try sources().flatMap { name, text in
      text.split(separator: "\n").filter { !$0.contains(/^ *\/\//) }.flatMap { line in
        line.matches(of: /countersign ([a-z][a-z-]*(?: [^ "\\.;,()>]+)*)/).map { match in
          Hint(place: name, words: match.output.1.split(separator: " ").map(String.init))
        }
      }.filter { commands.contains($0.words[0]) }
    }
  }

  @Test func `every line is taken as it is printed, for whatever profile`() throws {
    let typed = try typedHints()
    #expect(typed.count > 15)
    for hint in try typed + writtenHints() {
      for profile in [nil, "of a clinic"] {
        let line = TypedLine(words: hint.words).text(profile: profile)
        let words = Self.split(line)
        #expect(throws: Never.self, "\(hint.place): \(line)") {
          _ = try Program.command(ArgumentForms.rewritten(Array(words.dropFirst())))
        }
      }
    }
  }

  @Test func `words are quoted for a shell, and the profile is named again`() {
    let words = ["reject", "1a2b@0123", "--reason", "It isn't $5; so"]
    let line = TypedLine(words: words).text(profile: "b")
    #expect(line == #"countersign reject 1a2b@0123 --reason 'It isn'\''t $5; so' --profile b"#)
    #expect(Self.split(line).dropFirst() == (words + ["--profile", "b"])[...])
    #expect(TypedLine(words: ["profiles"]).text(profile: "b") == "countersign profiles")
    #expect(ArgumentForms.profile(in: ["sync", "--profile", "a"]) == "a")
    #expect(ArgumentForms.profile(in: ["sync", "--profile=a"]) == "a")
    #expect(ArgumentForms.profile(in: ["comment", "x", "--", "--profile", "a"]) == nil)
  }

  @Test func `a refusal names the profile that the command was given`() async {
    let shell = Shell.sample(variables: ["COUNTERSIGN_HOME": "/nowhere"])
    #expect(await Program.run(["doctor", "--profile", "b", "--offline", "--json"], in: shell) == 1)
    #expect(shell.output.kept.contains("countersign enrol - --profile b"))
  }

  /// What a shell makes of a line.
  private static func split(_ line: String) -> [String] {
    var words = [""]
    var (isQuoted, isEscaped) = (false, false)
    for character in line {
      switch character {
      case _ where isEscaped: (words[words.count - 1], isEscaped) = (words[words.count - 1] + String(character), false)
      case "'": isQuoted.toggle()
      case "\\" where !isQuoted: isEscaped = true
      case " " where !isQuoted: words.append("")
      default: words[words.count - 1].append(character)
      }
    }
    return words
  }
}
