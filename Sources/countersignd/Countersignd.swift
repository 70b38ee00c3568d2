// The server's program: configuration, wiring, signals; nothing else.
import ArgumentParser
import Glibc
import Storage
import SyncServer
import TransportWebSocket

@main
struct Countersignd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "countersignd", abstract: "The Countersign server.",
    discussion: """
      --data, all flags of serve, init --name and invite --url may also be environment variables: --data is \
      COUNTERSIGND_DATA, --tls-cert is COUNTERSIGND_TLS_CERT.
      """,
    version: ProgramVersion.text,
    subcommands: [
      InitCommand.self, ServeCommand.self, TenantCommand.self, InviteCommand.self, VerifyCommand.self, ExportCommand.self,
      DoctorCommand.self,
    ])

  static func main() async {
    // Whatever this program makes is for its own user only.
    umask(0o077)
    CoreDump.forbid()
    // A reader that has gone is an error of the write, and no reason to die in the middle of something.
    signal(SIGPIPE, SIG_IGN)
    do {
      try await runCommand()
    } catch {
      if let (sentence, code) = explanation(of: error) {
        StandardError.write("countersignd: \(sentence)\n")
        exit(withError: ExitCode(code))
      }
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      // No restart mends a flag that is mistyped: it is wrong configuration, after which a service manager gives up.
      StandardError.write(fullMessage(for: error) + "\n")
      exit(withError: ExitCode(ConfigurationError.exitCode))
    }
  }

  /// One line, and how the program ends; nil for what the parser of the command line has to say.
  private static func explanation(of error: any Error) -> (sentence: String, code: Int32)? {
    switch error {
    case let error as ConfigurationError: (error.sentence, ConfigurationError.exitCode)
    case let error as CommandFailure: (error.sentence, ExitCode.failure.rawValue)
    case let error as AdministrationError: (error.sentence, ExitCode.failure.rawValue)
    case let error as StorageError: (error.sentence, ExitCode.failure.rawValue)
    case let error as WebSocketError: (error.message, ExitCode.failure.rawValue)
    default: nil
    }
  }

  private static func runCommand() async throws {
    var command = try parseAsRoot()
    do {
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let code as ExitCode {
      // The answer was bad news; whoever could not be told it is told so.
      try StandardOutput.finish()
      throw code
    }
    try StandardOutput.finish()
  }
}

enum ProgramVersion {
  static let text = "0.1.0"
}
