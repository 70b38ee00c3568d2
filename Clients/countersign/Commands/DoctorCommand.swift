// `countersign doctor`: what is wrong on this device, and a line that mends it.
import ArgumentParser
import ClientCore

/// Looks for what is wrong on this device, and says how to mend it.
struct DoctorCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look for what is wrong here, and say how to mend it.",
    discussion: "Exit code 1 if something is broken; warnings alone are 0.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Flag(help: "Do not try to reach the server.")
  var offline = false

  func run(in shell: Shell) async throws {
    let directory = try ProfileDirectory(variable: shell.variable)
    let name = try directory.meant(option: profile.profile, variable: shell.variable)
    let check = Checkup(path: directory.path(of: name), name: name, shell: shell)
    let findings = await check.run(isOffline: offline)
    if answer.isJSON {
      try answer.write(list: findings, identifier: "check", in: shell)
    } else {
      for finding in findings {
        Self.lines(finding, palette: shell.palette, width: shell.proseWidth).forEach { shell.output.line($0) }
      }
    }
    if findings.contains(where: { $0.status == "broken" }) { throw CommandFailure.silent(ExitStatus.failure.rawValue) }
  }

  static func lines(_ finding: Finding, palette: Palette, width: Int) -> [String] {
    let style: TextStyle = finding.status == "ok" ? .green : finding.status == "warning" ? .yellow : .red
    let head = DisplayWidth.padded(finding.status, to: 8)
    let text = WordWrap.lines("\(finding.check): \(SafeText.line(finding.finding))", width: width - 8)
    let lines = text.enumerated().map { $0 == 0 ? palette.paint(head, style) + $1 : "        " + $1 }
    return lines
      + (finding.fix.isEmpty ? [] : WordWrap.indented("fix: " + SafeText.line(finding.fix), by: "        ", width: width))
  }
}

/// One thing that was looked at.
struct Finding: Encodable {
  var check: String
  /// `ok`, `warning` or `broken`.
  var status: String
  var finding: String
  /// What to do; empty if all is well, or mends itself.
  var fix = ""
}
