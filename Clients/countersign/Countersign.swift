// The program: its commands, and what happens around every one of them.
import ArgumentParser
import ClientCore

/// A command that works with its surroundings, and can be tested with other ones.
protocol ShellCommand: ParsableCommand {
  /// Stays on the caller's thread, which for the program is the main one: its memory grows without a call for every page.
  nonisolated(nonsending) func run(in shell: Shell) async throws
}

/// A command that changes something, and answers with a `ChangeAnswer`.
protocol ChangeCommand: ShellCommand {
  var answer: AnswerOptions { get }
}

extension ChangeCommand {
  /// Fields that its answer does not have are refused before anything is changed: afterwards it would be called wrong usage
  /// (64), and done all the same.
  func requireFields() throws { try answer.requireFields(of: ChangeAnswer.empty, identifier: "mutations") }
}

/// `countersign`.
struct Countersign: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "countersign",
    abstract: "Review and approve what is published in your name, with or without a network.",
    discussion: """
      Everything is answered from this device's own copy, at once. Changes are kept here until the server has answered \
      them. POST is the beginning of a post's id (at least 4 digits); POST@DIGEST names one exact revision of it.
      """,
    version: version,
    subcommands: [],
    groupedSubcommands: [
      CommandGroup(
        name: "Review",
        subcommands: [
          QueueCommand.self, SearchCommand.self, ShowCommand.self, DiffCommand.self, ReviewCommand.self, ApproveCommand.self,
          RequestChangesCommand.self, RejectCommand.self, HoldCommand.self, RetractCommand.self, UndoCommand.self,
        ]),
      CommandGroup(name: "Talk", subcommands: [CommentCommand.self, ThreadCommand.self, ResolveCommand.self]),
      CommandGroup(
        name: "Write",
        subcommands: [
          ImportCommand.self, ReviseCommand.self, SubmitCommand.self, WithdrawCommand.self, MergeCommand.self,
          AssignCommand.self, DelegateCommand.self,
        ]),
      CommandGroup(
        name: "Sync",
        subcommands: [
          SyncCommand.self, WatchCommand.self, StatusCommand.self, OutcomesCommand.self, PauseCommand.self, ResumeCommand.self,
        ]),
      CommandGroup(
        name: "Look things up",
        subcommands: [
          CampaignsCommand.self, MembersCommand.self, LogCommand.self, AuditCommand.self, ExportCommand.self,
        ]),
      CommandGroup(name: "Administer", subcommands: [InviteCommand.self, DeviceCommand.self, EraseCommand.self]),
      CommandGroup(
        name: "Set up",
        subcommands: [
          EnrolCommand.self, ProfilesCommand.self, DoctorCommand.self, ManCommand.self, CompletionsCommand.self,
        ]),
    ])
}

/// Where the program begins.
@main
enum Program {
  @MainActor
  static func main() async {
    CoreDump.forbid()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments == ["--version"] {
      print(Countersign.version)
      return
    }
    Interruption.install()
    let shell = Shell.current()
    let code = await run(ArgumentForms.rewritten(arguments), in: shell)
    shell.output.flush()
    shell.errors.flush()
    OpenStores.settle()
    exitNow(code)
  }

  /// Parses and runs one command line.
  ///
  /// - Returns: the exit code, after everything has been said.
  nonisolated(nonsending) static func run(_ arguments: [String], in shell: Shell) async -> Int32 {
    // What stands behind `--` is text.
    let isJSON = arguments.prefix { $0 != "--" }.contains { $0 == "--json" || $0.hasPrefix("--fields") }
    var shell = shell
    shell.profileName = ArgumentForms.profile(in: arguments)
    return written(await obey(arguments, in: shell, isJSON: isJSON), in: shell, isJSON: isJSON)
  }

  /// An answer that was not written whole is a failure, even of a command that did what it was told.
  static func written(_ code: Int32, in shell: Shell, isJSON: Bool) -> Int32 {
    guard !shell.output.flush(), let reason = shell.output.failure else { return code }
    let failure = CommandFailure(
      .failure, "output", "The answer could not be written: \(reason).",
      remedy: "See to where it goes, and ask again; what the command was to change, it has changed.")
    let said = failure.report(to: shell, isJSON: isJSON)
    return code == ExitStatus.done.rawValue ? said : code
  }

  private nonisolated(nonsending) static func obey(_ arguments: [String], in shell: Shell, isJSON: Bool) async -> Int32 {
    do {
      try requireKnownTopic(arguments)
      var command = try Countersign.parseAsRoot(arguments)
      if let command = command as? any ChangeCommand { try command.requireFields() }
      if let command = command as? any ShellCommand {
        try await command.run(in: shell)
      } else {
        try command.run()
      }
      return ExitStatus.done.rawValue
    } catch let failure as CommandFailure {
      return failure.report(to: shell, isJSON: isJSON)
    } catch let error as ClientError {
      let told = StopRemedy.told(DamagedProfile.told(error, in: shell), in: shell)
      return CommandFailure(told).report(to: shell, isJSON: isJSON)
    } catch let failure as PrivateFiles.Failure {
      return CommandFailure(failure).report(to: shell, isJSON: isJSON)
    } catch is CancellationError {
      return ExitStatus.interrupted.rawValue
    } catch {
      return reportParsing(error, to: shell, isJSON: isJSON)
    }
  }

  /// The parser answers a question about a command that does not exist with the help of all commands.
  private static func requireKnownTopic(_ arguments: [String]) throws {
    guard arguments.first == "help", let topic = arguments.dropFirst().first, !topic.hasPrefix("-"), topic != "help",
      !ManualPage.commandNames.contains(topic)
    else { return }
    throw CommandFailure(
      .usage, "unknown_command", "There is no command \(SafeText.line(topic)).", remedy: "countersign help lists all commands.")
  }

  /// The command that a line means; nil for what the argument parser does itself (help).
  static func command(_ arguments: [String]) throws -> (any ShellCommand)? {
    try Countersign.parseAsRoot(arguments) as? any ShellCommand
  }

  /// What the argument parser has to say: help on standard output, complaints on standard error.
  private static func reportParsing(_ error: any Error, to shell: Shell, isJSON: Bool) -> Int32 {
    let code = Countersign.exitCode(for: error)
    let text = Countersign.fullMessage(for: error)
    if code.isSuccess {
      shell.show(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      return ExitStatus.done.rawValue
    }
    let isUsage = code == .validationFailure
    if isJSON {
      return CommandFailure(
        isUsage ? .usage : .failure, isUsage ? "usage" : "failure", Countersign.message(for: error),
        remedy: isUsage ? "See countersign help." : ""
      ).report(to: shell, isJSON: true)
    }
    shell.errors.line(SafeText.lines(text))
    return (isUsage ? ExitStatus.usage : .failure).rawValue
  }
}

extension CommandFailure {
  /// Says it on standard error, unless it has been said.
  ///
  /// - Returns: the exit code.
  func report(to shell: Shell, isJSON: Bool) -> Int32 {
    shell.output.flush()
    if message.isEmpty { return exit }
    if isJSON, let bytes = try? JSONText.object(self) {  // plain fields only: nothing in it can fail
      shell.errors.write(bytes)
      return exit
    }
    shell.errors.line(shell.errorPalette.paint("countersign:", .bold) + " " + SafeText.lines(message))
    for detail in details { shell.errors.line("  " + SafeText.lines(detail)) }
    if !remedy.isEmpty { shell.errors.line(SafeText.lines(remedy)) }
    return exit
  }
}
