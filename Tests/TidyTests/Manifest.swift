// Reads the targets out of the text of Package.swift. Asking the package manager would be exact, but it holds
// the build folder's lock while tests run; the manifest is ours and keeps to the few shapes understood here.
import Foundation

/// One target as declared.
struct ManifestTarget: Equatable {
  enum Kind: String {
    case system, library, program, tests
  }

  let name: String
  let kind: Kind
  let path: String
  /// Targets and products by name; module and product names are the same for all that we use.
  let dependencies: [String]
}

/// The targets of Package.swift.
struct Manifest {
  let targets: [ManifestTarget]

  private static let openers: [(String, ManifestTarget.Kind)] = [
    ("systemLibrary(", .system), ("library(", .library), ("target(", .library), ("program(", .program),
    ("executableTarget(", .program), ("tests(", .tests), ("testTarget(", .tests),
  ]

  init(text: String) {
    let source = SourceText(path: "Package.swift", text: text).codeAndLiterals.joined(separator: "\n")
    let products = Self.products(in: source)
    targets = Self.openers.flatMap { opener, kind in
      Self.arguments(ofCallsTo: opener, in: source).compactMap { Self.target(from: $0, kind: kind, products: products) }
    }
  }

  /// The target whose folder holds a file.
  func owner(of path: String) -> ManifestTarget? {
    targets.filter { path.hasPrefix($0.path + "/") }.max { $0.path.count < $1.path.count }
  }

  /// `let grdb = Target.Dependency.product(name: "GRDB", …)` gives `grdb: GRDB`.
  private static func products(in source: String) -> [String: String] {
    var result: [String: String] = [:]
    for match in source.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "([^"]+)"/) {
      result[String(match.output.1)] = String(match.output.2)
    }
    return result
  }

  /// The text between the parentheses of every call of that name.
  private static func arguments(ofCallsTo opener: String, in source: String) -> [String] {
    var result: [String] = []
    var rest = source[...]
    while let found = rest.range(of: opener) {
      // `.library(` is a product and no target; every opener with a dot of its own begins a target's declaration.
      let before = found.lowerBound == source.startIndex ? " " : source[source.index(before: found.lowerBound)]
      let isWhole = !isNameCharacter(before) && !(opener == "library(" && before == ".")
      rest = source[found.upperBound...]
      if isWhole, let inside = balanced(rest, close: ")") { result.append(inside) }
    }
    return result
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// The text up to the bracket that closes the one just passed; brackets inside strings do not count.
  private static func balanced(_ text: Substring, close: Character) -> String? {
    let open: Character = close == ")" ? "(" : "["
    var depth = 0
    var isInString = false
    for index in text.indices {
      switch text[index] {
      case "\"": isInString.toggle()
      case open where !isInString: depth += 1
      case close where !isInString:
        if depth == 0 { return String(text[..<index]) }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  private static func target(from arguments: String, kind: ManifestTarget.Kind, products: [String: String]) -> ManifestTarget? {
    // Only a literal name declares a target; helper functions pass theirs on as a variable.
    guard let name = arguments.firstMatch(of: /^\s*(?:name:\s*)?"([^"]+)"/)?.output.1 else { return nil }
    let path = arguments.firstMatch(of: /\b(?:in|path):\s*"([^"]+)"/)?.output.1
    return ManifestTarget(
      name: String(name), kind: kind, path: path.map(String.init) ?? "\(kind == .tests ? "Tests" : "Sources")/\(name)",
      dependencies: kind == .system ? [] : dependencies(in: arguments, products: products))
  }

  private static func dependencies(in arguments: String, products: [String: String]) -> [String] {
    guard let open = arguments.firstIndex(of: "["),
      let list = balanced(arguments[arguments.index(after: open)...], close: "]")
    else { return [] }
    return list.matches(of: /\.product\(name: "([^"]+)"[^)]*\)|"([^"]+)"|(\w+)/).map { match in
      if let inline = match.output.1 ?? match.output.2 { return String(inline) }
      let variable = String(match.output.3 ?? "")
      return products[variable] ?? variable
    }
  }
}
