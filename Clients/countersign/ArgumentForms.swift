// Forms of arguments that people expect and the argument parser has no words for: `--json=post,state`, `--wait` with and
// without a number.

/// Rewrites a command line into the forms that the commands declare.
enum ArgumentForms {
  /// Commands whose own arguments hold no word such as `post,state`.
  private static let listing: Set<String> = [
    "queue", "show", "diff", "log", "thread", "outcomes", "status", "campaigns", "members", "profiles", "sync", "audit",
    "device",
  ]

  /// Options of all commands, which may stand before the command, too; those of them that take a value.
  private static let common: Set<String> = ["--profile", "--json", "--fields", "--no-pager"]
  private static let valued: Set<String> = ["--profile", "--fields"]

  static func rewritten(_ given: [String]) -> [String] {
    let arguments = ordered(given)
    var result: [String] = []
    var rest = arguments[...]
    let command = arguments.first { !$0.hasPrefix("-") } ?? ""
    while let argument = rest.popFirst() {
      switch argument {
      case "--": return result + [argument] + rest
      case "--json":
        result.append(argument)
        if listing.contains(command), let fields = rest.first, isFieldList(fields) {
          result.append("--fields=" + fields)
          rest = rest.dropFirst()
        }
      case "--wait":
        if let seconds = rest.first, seconds.utf8.count <= 3, UInt(seconds) != nil {
          result.append("--wait=" + seconds)
          rest = rest.dropFirst()
        } else {
          result.append("--wait=\(ChangeOptions.defaultWaitSeconds)")
        }
      case _ where argument.hasPrefix("--json="): result += ["--json", "--fields=" + argument.dropFirst("--json=".count)]
      default: result.append(argument)
      }
    }
    return result
  }

  /// The command first: options of all commands that stand before it go to the end.
  private static func ordered(_ arguments: [String]) -> [String] {
    var leading: [String] = []
    var rest = arguments[...]
    while let argument = rest.first, argument.hasPrefix("-") {
      guard common.contains(String(argument.prefix { $0 != "=" })) else { return arguments }
      leading.append(argument)
      rest = rest.dropFirst()
      if valued.contains(argument), let value = rest.popFirst() { leading.append(value) }
    }
    guard !leading.isEmpty, !rest.isEmpty else { return arguments }
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return Array(rest[..<end]) + leading + Array(rest[end...])
  }

  /// The profile that a command line names, for lines that are printed to be typed.
  static func profile(in arguments: [String]) -> String? {
    let options = arguments.prefix { $0 != "--" }
    if let place = options.firstIndex(of: "--profile") { return options.dropFirst(place + 1).first }
    return options.first { $0.hasPrefix("--profile=") }.map { String($0.dropFirst("--profile=".count)) }
  }

  /// `post,state`: names with a comma between them; no reference looks so.
  private static func isFieldList(_ text: String) -> Bool {
    text.contains(",") && text.allSatisfy { $0 == "," || $0 == "_" || ("a"..."z").contains($0) }
  }
}
