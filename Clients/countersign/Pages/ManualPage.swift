// The manual page in the language of man(1), made from the same descriptions as the help.
import ArgumentParser
import Glibc

/// countersign(1).
enum ManualPage {
  static let fileFlags = O_WRONLY | O_CREAT | O_TRUNC
  static let fileMode: mode_t = 0o644
  private static let columns = 76

  private static let exits: [(ExitStatus, String)] = [
    (.done, "done"), (.failure, "failure"), (.cancelled, "cancelled by the person"),
    (.refused, "not enrolled, or refused by the server"), (.blocked, "blocked by compliance"),
    (.revisionMoved, "the revision moved: what was seen is no longer current"),
    (
      .notConfirmed,
      "not yet confirmed by the server (--wait, pause, resume, device revoke, invite), or not proved yet (audit verify)"
    ),
    (.rejected, "rejected by the rules"),
    (.notFound, "not found, or more than one begins so"), (.noCache, "nothing fetched yet"),
    (.cacheInUse, "the cache is in use by another process"), (.wrongPassphrase, "wrong passphrase"),
    (.usage, "wrong usage, or faults in an import file"), (.tryAgain, "the server cannot be reached; try again"),
    (.interrupted, "interrupted"),
  ]

  private static let variables: [(String, String)] = [
    ("COUNTERSIGN_HOME", "the folder of the profiles, instead of $XDG_DATA_HOME/countersign"),
    ("COUNTERSIGN_PROFILE", "the profile to use, as --profile"),
    ("COUNTERSIGN_PASSPHRASE", "the passphrase of a sealed profile"),
    ("NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "colours: never, as said, always"),
    ("PAGER", "shows long answers on a terminal (less -FRX)"), ("VISUAL, EDITOR", "writes texts (vi)"),
    ("COLUMNS", "the width to write for"),
  ]

  static func source() -> String {
    var lines = [".TH COUNTERSIGN 1 \"\" \"Countersign \(Countersign.version)\"", ".SH NAME"]
    lines.append("countersign \\- review and approve what is published in your name")
    lines += [".SH SYNOPSIS", ".B countersign", ".I COMMAND", "[options]", ".SH DESCRIPTION"]
    lines.append(escaped(Countersign.configuration.discussion))
    lines.append(".SH COMMANDS")
    for command in commands { lines += section(command) }
    lines.append(".SH EXIT STATUS")
    for (status, meaning) in exits { lines += [".TP", ".B \(status.rawValue)", escaped(meaning)] }
    lines += ["With several targets it is the gravest one's: 4, 5, 8, 6, 9, 7, 0 in this order.", ".SH ENVIRONMENT"]
    for (name, meaning) in variables { lines += [".TP", ".B \(escaped(name))", escaped(meaning)] }
    lines += [".SH FILES", ".TP", ".I $XDG_DATA_HOME/countersign/PROFILE/"]
    lines.append(
      escaped(
        "identity (the device's key), outbox.sqlite (what waits and what was answered), cache.sqlite (can be fetched again)."))
    return lines.joined(separator: "\n") + "\n"
  }

  /// Names of the commands, without those below them.
  static var commandNames: [String] {
    var names: [String] = []
    for group in Countersign.configuration.groupedSubcommands {
      for command in group.subcommands {
        if let name = command.configuration.commandName { names.append(name) }
      }
    }
    return names
  }

  private static var commands: [any ParsableCommand.Type] {
    Countersign.configuration.groupedSubcommands.flatMap(\.subcommands).flatMap { command in
      [command] + command.configuration.subcommands
    }
  }

  private static func section(_ command: any ParsableCommand.Type) -> [String] {
    let help = Countersign.helpMessage(for: command, columns: columns)
    let usage =
      help.split(separator: "\n").first { $0.hasPrefix("USAGE: ") }.map { String($0.dropFirst("USAGE: ".count)) } ?? ""
    let body = help.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
    return [".SS \"\(escaped(usage))\"", ".nf"] + body.filter { !$0.hasPrefix("USAGE") } + [".fi"]
  }

  /// Text that stands for itself.
  static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
