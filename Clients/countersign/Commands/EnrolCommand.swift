// `countersign enrol`: makes this device one of a member's devices, then syncs for the first time.
import ArgumentParser
import ClientCore
import Glibc
import ReviewModel

/// Makes this device one of a member's devices.
struct EnrolCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol", abstract: "Make this device yours: with the code that you were given.",
    discussion: """
      A code is a secret until it is used, and what stands on a command line is shown to every user of the machine: give \
      - and type the code, or pipe it in. Interrupted, it is repeated with the same code and goes on where it stopped; a \
      recovery key that could not be shown is shown then. An enrolment that never succeeded gives way to one with another code.
      """)

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Option(help: ArgumentHelp("What this device is called (else the machine's name).", valueName: "name"))
  var device: String?

  @Option(help: ArgumentHelp("Where the server is, if not where the code says.", valueName: "url"))
  var url: String?

  @Flag(help: "Seal this device's key by a passphrase (asked for, or COUNTERSIGN_PASSPHRASE).")
  var passphrase = false

  @Flag(help: "Do not fetch anything yet.")
  var noSync = false

  @Argument(help: ArgumentHelp("The invitation code; - asks for it, or reads it from standard input.", valueName: "code"))
  var code: String

  func run(in shell: Shell) async throws {
    let code = code == "-" ? Self.givenCode(in: shell) : code
    let directory = try ProfileDirectory(variable: shell.variable)
    let environment = ClientEnvironment.live()
    let name = try chosenName(directory, code: code, environment: environment, in: shell)
    let phrase = passphrase ? try Passphrase.choose(in: shell) : nil
    var report = try await Profile.enrol(
      code: code, deviceName: device ?? Self.machineName(), at: directory.path(of: name), name: name,
      environment: environment, passphrase: phrase, replacingURL: url)
    let profile = try Profile.open(at: directory.path(of: name), name: name, environment: environment) {
      try phrase ?? Passphrase.ask(in: shell)
    }
    if !answer.isJSON {
      Self.announce(report, in: shell)
      try Self.forgetRecoveryKey(report, profile, in: shell)
    }
    let failure = noSync ? nil : await firstSync(profile, &report, in: shell)
    if answer.isJSON {
      // One answer, with the roles that only a sync brings. Until it is written, a repetition tells the recovery key again.
      try answer.write(report, identifier: "profile", in: shell)
      // Who chose other fields has not been shown it.
      let isTold = answer.fieldNames(identifier: "profile")?.contains("recovery_key") ?? true
      if isTold { try Self.forgetRecoveryKey(report, profile, in: shell) }
    }
    if let failure {
      let line = shell.typed(["sync"], profile: name == ProfileDirectory.defaultName ? nil : name)
      throw Self.syncFailed(failure, line: line)
    }
  }

  /// The code says what a script can do: to try again helps only where the server could not be reached.
  static func syncFailed(_ failure: ClientError, line: String) -> CommandFailure {
    CommandFailure(
      ExitStatus(failure.code), "sync_failed", "This device is enrolled, but the first sync did not work: \(failure.sentence)",
      remedy: [failure.remedy, "The line for it: \(line)"].filter { !$0.isEmpty }.joined(separator: " "),
      details: failure.details)
  }

  /// From a person or a pipe, and not shown: until it is used, whoever reads it may enrol.
  private static func givenCode(in shell: Shell) -> String {
    (shell.canAsk ? shell.askSecret("Invitation code: ") : shell.input.line()) ?? ""
  }

  /// The recovery key leaves this device only once the answer that holds it is out.
  private static func forgetRecoveryKey(_ report: EnrolmentReport, _ profile: Profile, in shell: Shell) throws {
    guard shell.output.flush(), report.recoveryKey != nil else { return }
    try profile.recoveryKeyWasShown()
  }

  /// The first sync brings the roles, too.
  private func firstSync(_ profile: Profile, _ report: inout EnrolmentReport, in shell: Shell) async -> ClientError? {
    do {
      let sync = try await SyncCommand.sync(profile, in: shell)
      let status = try profile.status()
      (report.roles, report.member) = (status.roles, status.member)
      if !answer.isJSON {
        shell.output.line(SyncCommand.line(sync))
        shell.output.line("You are \(SafeText.line(status.member)): \(status.roles.joined(separator: ", ")).")
      }
      return nil
    } catch { return error }
  }

  /// A second tenant needs a name of its own. What was begun and never finished stands in nobody's way, and the same code
  /// means the same device.
  private func chosenName(
    _ directory: ProfileDirectory, code: String, environment: ClientEnvironment, in shell: Shell
  ) throws -> String {
    if let given = try ProfileDirectory.named(option: profile.profile, variable: shell.variable) { return given }
    let name = ProfileDirectory.defaultName
    guard directory.isEnrolled(name) else { return name }
    if try Profile.isEnrolmentUnfinished(at: directory.path(of: name), environment: environment) { return name }
    if try Profile.isEnrolment(at: directory.path(of: name), begunWith: code, environment: environment) { return name }
    let suggestion = InvitationCode(text: code).map { Self.slug($0.tenantName) } ?? ""
    throw CommandFailure(
      .usage, "profile_taken", "This device is enrolled already.",
      remedy: "For another tenant give the profile a name: --profile \(suggestion.isEmpty ? "NAME" : suggestion). "
        + "To begin anew, remove this one first: \(shell.typed("profiles", "remove", name)).")
  }

  /// `Praxis am Park` is `praxis-am-park`.
  static func slug(_ name: String) -> String {
    let words = name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    return String(words.joined(separator: "-").prefix(40))
  }

  private static func announce(_ report: EnrolmentReport, in shell: Shell) {
    shell.output.line("Enrolled at \(SafeText.line(report.tenant)) as device \(ShortForm.revision(report.device)).")
    if !report.rootFingerprint.isEmpty {
      shell.output.line("Root fingerprint; compare it with your admin's:")
      for line in grouped(report.rootFingerprint) { shell.output.line("  " + line) }
    } else {
      shell.output.line("No root is named yet: the first admin's device to enrol becomes it. Until then the server vouches.")
    }
    if report.isRootNamedHere { shell.output.line("This device is now the root of the tenant's keys.") }
    if let key = report.recoveryKey {
      shell.output.line(shell.palette.paint("Recovery key, shown this once. Write it down and keep it in a safe:", .bold))
      for line in grouped(key) { shell.output.line("  " + line) }
    }
    shell.output.flush()
  }

  /// Groups of four, eight a line.
  static func grouped(_ digits: String) -> [String] {
    var groups: [Substring] = []
    var rest = digits[...]
    while !rest.isEmpty {
      groups.append(rest.prefix(4))
      rest = rest.dropFirst(4)
    }
    return stride(from: 0, to: groups.count, by: 8).map { groups[$0..<min($0 + 8, groups.count)].joined(separator: " ") }
  }

  private static func machineName() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "device" }
    let name = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return name.isEmpty ? "device" : name
  }
}
