// The server's program: configuration, wiring, signals; nothing else.
import ArgumentParser
import Glibc
import SyncServer

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
    } catch let error as ConfigurationError {
      StandardError.write("countersignd: \(error.sentence)\n")
      exit(withError: ExitCode(ConfigurationError.exitCode))
    } catch let error as CommandFailure {
      StandardError.write("countersignd: \(error.sentence)\n")
      exit(withError: ExitCode.failure)
    } catch let error as AdministrationError {
      StandardError.write("countersignd: \(error.sentence)\n")
      exit(withError: ExitCode.failure)
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      // No restart mends a flag that is mistyped: it is wrong configuration, after which a service manager gives up.
      StandardError.write(fullMessage(for: error) + "\n")
      exit(withError: ExitCode(ConfigurationError.exitCode))
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
