// `countersign man`: the manual page, shown or written as a file.
import ArgumentParser

/// Writes the manual page.
struct ManCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Show the manual page, or write it as a file.",
    discussion: "On a terminal it is shown by man(1); else its source is printed.")

  @Option(help: ArgumentHelp("Write countersign.1 into this folder.", valueName: "dir"))
  var output: String?

  func run(in shell: Shell) async throws {
    let page = ManualPage.source()
    if let output {
      try PrivateFiles().makeDirectory(output)
      try FileBytes.write(
        output + "/countersign.1", Array(page.utf8), flags: ManualPage.fileFlags, mode: ManualPage.fileMode)
      shell.output.line("\(SafeText.line(output))/countersign.1")
      return
    }
    if shell.terminal.isOutput {
      shell.output.flush()
      if ChildProgram.run("man -l -", input: Array(page.utf8)) == 0 { return }
    }
    shell.show(page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
  }
}
