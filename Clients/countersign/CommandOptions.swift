// Options that several commands share.
import ArgumentParser
import ClientCore

/// Which profile a command works with.
struct ProfileOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The profile to use (or COUNTERSIGN_PROFILE).", valueName: "name"))
  var profile: String?
}

/// How a command answers.
struct AnswerOptions: ParsableArguments {
  @Flag(help: "Answer in JSON; --json=post,state picks fields.")
  var json = false

  @Option(help: ArgumentHelp("Only these fields of each answer, in JSON.", valueName: "a,b"))
  var fields: String?

  @Flag(help: "Never use a pager.")
  var noPager = false

  func validate() throws {
    if fieldNames()?.isEmpty == true { throw ValidationError("Name the fields, with commas: --json=post,state.") }
  }

  var isJSON: Bool { json || fields != nil }

  /// The chosen fields; `id` stands for the first of the names that identify things.
  func fieldNames(identifier: String = "post") -> [String]? {
    fields.map { list in
      list.split(separator: ",").map { name in
        let name = name.filter { $0 != " " }
        return name == "id" ? identifier : name
      }
    }
  }

  /// - Parameter answer: any answer that has every name.
  /// - Throws: a usage failure for a chosen field that it does not have.
  func requireFields(of answer: some Encodable, identifier: String) throws {
    guard let names = fieldNames(identifier: identifier) else { return }
    _ = try JSONText.object(answer, fields: names)
  }

  /// Writes a list, an element a line.
  func write(list values: [some Encodable], identifier: String = "post", in shell: Shell) throws {
    try JSONText.list(values, fields: fieldNames(identifier: identifier)) { shell.output.write($0) }
  }

  /// Writes one object.
  func write(_ value: some Encodable, identifier: String = "post", in shell: Shell) throws {
    shell.output.write(try JSONText.object(value, fields: fieldNames(identifier: identifier)))
  }
}

/// What happens after a change.
struct ChangeOptions: ParsableArguments {
  static let defaultWaitSeconds = 60

  @Flag(help: "Do not try to reach the server.")
  var offline = false

  @Option(
    help: ArgumentHelp(
      "Wait until the server has answered, at most so many seconds (60 unless given, 0 for as long as it takes).",
      valueName: "s"))
  var wait: UInt?

  func validate() throws {
    if offline && wait != nil { throw ValidationError("--offline and --wait exclude each other.") }
  }
}

/// Text for a change: an argument, a file or the editor.
struct TextOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The new text.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("A file with the new text; - for standard input.", valueName: "path"))
  var file: String?

  func validate() throws {
    if text != nil && file != nil { throw ValidationError("Give --text or --file, not both.") }
  }

  /// For commands that take the text as an argument, too: neither goes before the other.
  func requireAlone(beside words: [String]) throws {
    if !words.isEmpty && (text != nil || file != nil) {
      throw ValidationError("Give the words behind the command, or by --text or --file, not both.")
    }
  }

  /// What was given, nil if nothing was.
  func given(in shell: Shell) throws -> String? {
    if let text { return text }
    guard let file else { return nil }
    let isInput = file == "-"
    let bytes = isInput ? shell.input.all() : try FileBytes.read(file)
    if isInput { try shell.input.requireWhole() }
    return TextEditor.trimmed(try FileBytes.text(bytes, of: file))
  }
}
