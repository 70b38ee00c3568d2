// `countersign completions`: what a shell needs to complete commands.
import ArgumentParser

/// Prints what a shell needs to complete commands.
struct CompletionsCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the completion script for a shell.",
    discussion: "For example: countersign completions bash > ~/.local/share/bash-completion/completions/countersign")

  @Argument(help: "bash, zsh or fish.")
  var shellName: String

  func validate() throws {
    guard CompletionShell(rawValue: shellName) != nil else { throw ValidationError("The shells are bash, zsh and fish.") }
  }

  func run(in shell: Shell) async throws {
    guard let known = CompletionShell(rawValue: shellName) else { return }
    shell.output.line(Countersign.completionScript(for: known))
  }
}
