// What is written must be true: public API has its words, every target has its paragraph, every link leads
// somewhere, and nothing in the tree names the machine it was made on.
import Foundation

/// Checks comments, Markdown and the text of any file.
enum DocumentationRules {
  private static let declarations: Set<Substring> = [
    "func", "init", "subscript", "var", "let", "struct", "class", "enum", "actor", "protocol", "typealias", "case", "macro",
  ]
  private static let types: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]
  private static let publicFolders = ["SyncProtocol/", "Clients/ClientCore/"]

  /// Public declarations and package types carry a `///` comment. It speaks for the unbroken run of properties below
  /// it too, whether it stands above the first of them or above their type. A package type may leave it to the
  /// purpose at the top of the file that is named for it, a nested one to the type around it,
  /// and an empty marker type to its name.
  static func undocumented(_ source: SourceText) -> [Violation] {
    declarationLines(in: source).filter { !$0.isDocumented && !$0.words.contains("override") }.map {
      Violation(path: source.path, line: $0.line, remedy: "document `\($0.words.joined(separator: " "))` with a `///` comment")
    }
  }

  /// `public` is a promise to other packages, which only the protocol and the client core make.
  static func misplacedPublic(_ source: SourceText) -> [Violation] {
    if publicFolders.contains(where: source.path.hasPrefix) { return [] }
    return declarationLines(in: source).filter { $0.words.contains("public") || $0.words.contains("open") }.map {
      Violation(path: source.path, line: $0.line, remedy: "`public` belongs to SyncProtocol and ClientCore; write `package`")
    }
  }

  /// The words before a declaration's own name, and whether a doc comment stands above it.
  private static func declarationLines(in source: SourceText) -> [(line: Int, words: [String], isDocumented: Bool)] {
    source.code.enumerated().compactMap { index, text in
      guard text.contains("public") || text.contains("open") || text.contains("package") else { return nil }
      let all = text.split(separator: " ").map { $0.prefix { !"({:<".contains($0) } }
      let words = all.drop { $0.hasPrefix("@") }
      guard let access = words.first, ["public", "open", "package"].contains(access),
        let keyword = words.firstIndex(where: { declarations.contains($0.prefix { $0 != "?" }) })
      else { return nil }
      // `class func` and `static let` are members; only a type's own keyword makes a package declaration a type.
      if access == "package" && !types.contains(words[keyword]) { return nil }
      let isMarker = text.hasSuffix("{}")
      if access == "package", isMarker || text.hasPrefix(" ") || words[(keyword + 1)...].first == source.subject { return nil }
      let isProperty = ["var", "let"].contains(words[keyword])
      let isDocumented = isDocumented(index, in: source, isProperty: isProperty)
      return (index + 1, words[...keyword].map(String.init), isDocumented)
    }
  }

  private static func isDocumented(_ index: Int, in source: SourceText, isProperty: Bool) -> Bool {
    var above = index - 1
    while above >= 0 {
      let code = source.code[above].drop { $0 == " " }
      let words = code.split(separator: " ")
      let isRun = isProperty && words.contains { ["var", "let"].contains($0) || types.contains($0) }
      guard code.hasPrefix("@") || isRun else { break }
      above -= 1
    }
    return above >= 0 && source.comments[above].drop { $0 == " " }.hasPrefix("///")
  }

  /// docs/ARCHITECTURE.md has one `### Name` with words under it for each target, and no other.
  static func architecture(_ text: String, targets: [String]) -> [Violation] {
    let path = "docs/ARCHITECTURE.md"
    let lines = text.components(separatedBy: "\n")
    var described: Set<String> = []
    var result: [Violation] = []
    for (index, line) in lines.enumerated() where line.hasPrefix("### ") {
      let name = line.dropFirst(4).trimmingCharacters(in: .whitespaces)
      described.insert(name)
      let paragraph = lines[(index + 1)...].prefix { !$0.hasPrefix("#") }.joined().trimmingCharacters(in: .whitespaces)
      if !targets.contains(name) {
        result.append(Violation(path: path, line: index + 1, remedy: "\"\(name)\" is no target of Package.swift; take it out"))
      } else if paragraph.count < 60 {
        result.append(
          Violation(path: path, line: index + 1, remedy: "say in a sentence or two what \(name) is responsible for"))
      }
    }
    for name in targets where !described.contains(name) {
      result.append(Violation(path: path, line: 0, remedy: "add `### \(name)` with a paragraph on what it is responsible for"))
    }
    return result
  }

  /// Every relative link of a Markdown file leads to a file or folder of the project.
  static func links(path: String, text: String, exists: (String) -> Bool) -> [Violation] {
    var isFenced = false
    var result: [Violation] = []
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.hasPrefix("```") { isFenced.toggle() }
      if isFenced { continue }
      for match in line.matches(of: /\]\(([^()\s]+)(?:\s"[^"]*")?\)/) {
        let target = match.output.1.prefix { $0 != "#" }
        if target.isEmpty || target.contains(":") { continue }
        if !exists(resolve(String(target), from: path)) {
          result.append(Violation(path: path, line: index + 1, remedy: "the link to \(target) leads nowhere"))
        }
      }
    }
    return result
  }

  /// `../a/b` seen from `docs/decisions/x.md` is `docs/a/b`.
  static func resolve(_ target: String, from path: String) -> String {
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in target.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  /// Folders of somebody's machine, and hosts that packages are fetched from; in pieces, to be clean itself.
  static let machinePaths = ["/ro" + "ot/", "/wo" + "rk/", "/Us" + "ers/", "/ho" + "me/"]
  static let registryHosts = [
    "registry.npm" + "js", "py" + "pi.org", "crates" + ".io", "proxy.gol" + "ang", "deb.deb" + "ian.org", "arti" + "factory",
  ]

  static func machineTraces(path: String, text: String) -> [Violation] {
    let patterns = machinePaths + registryHosts
    guard patterns.contains(where: text.contains) else { return [] }
    return text.components(separatedBy: "\n").enumerated().flatMap { index, line in
      patterns.filter { names(line, $0) }.map {
        Violation(path: path, line: index + 1, remedy: "\"\($0)\" names a machine or a registry; write what holds everywhere")
      }
    }
  }

  /// A path counts only from the root: `https://a.example/work/1` and `../work/` are none.
  private static func names(_ line: String, _ pattern: String) -> Bool {
    var rest = line[...]
    while let found = rest.range(of: pattern) {
      let before = line[..<found.lowerBound].last
      let isInside = before.map { $0.isLetter || $0.isNumber || "._-~$}>".contains($0) } ?? false
      if !pattern.hasPrefix("/") || !isInside { return true }
      rest = line[found.upperBound...]
    }
    return false
  }
}
