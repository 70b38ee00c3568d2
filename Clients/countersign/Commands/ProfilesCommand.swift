// `countersign profiles`: lists, moves and removes the profiles of this device.
import ArgumentParser
import ClientCore
import Glibc

/// The profiles of this device.
struct ProfilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "List, move or remove the profiles of this device.",
    subcommands: [ProfilesListCommand.self, ProfilesSetURLCommand.self, ProfilesRemoveCommand.self],
    defaultSubcommand: ProfilesListCommand.self)
}

/// Lists profiles.
struct ProfilesListCommand: ShellCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the profiles of this device.")

  /// One profile in a list.
  struct Row: Encodable {
    var profile: String
    var tenant: String
    var member: String
    var server: String
    /// `ready`, `sealed`, `unfinished` (its enrolment never succeeded), `damaged`, or `unreadable` (it cannot be read just now:
    /// a busy file, a disk in trouble, a newer version's).
    var state: String
  }

  @OptionGroup var answer: AnswerOptions

  func run(in shell: Shell) async throws {
    let directory = try ProfileDirectory(variable: shell.variable)
    let rows = try directory.names().map { Self.row($0, in: directory) }
    if answer.isJSON { return try answer.write(list: rows, identifier: "profile", in: shell) }
    var table = Table(columns: [
      Table.Column(title: "PROFILE"), Table.Column(title: "STATE"), Table.Column(title: "MEMBER", dropOrder: 1),
      Table.Column(title: "SERVER", dropOrder: 2), Table.Column(title: "TENANT", isFlexible: true),
    ])
    table.rows = rows.map {
      [
        Table.Cell($0.profile, .bold), Table.Cell($0.state), Table.Cell(SafeText.line($0.member)), Table.Cell($0.server),
        Table.Cell(SafeText.line($0.tenant)),
      ]
    }
    if rows.isEmpty {
      return shell.note("There are no profiles. Enrol with the code that you were given: \(shell.typed("enrol", "-"))")
    }
    for line in table.lines(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput) {
      shell.output.line(line)
    }
  }

  private static func row(_ name: String, in directory: ProfileDirectory) -> Row {
    do {
      let sealed = ClientError(.wrongPassphrase, "sealed")
      let profile = try Profile.open(at: directory.path(of: name), name: name, environment: .live()) { throw sealed }
      defer { profile.close() }
      let identity = profile.identity
      return Row(
        profile: name, tenant: identity.tenantName, member: identity.memberName, server: identity.serverURL, state: "ready")
    } catch {
      return Row(profile: name, tenant: "", member: "", server: "", state: state(error))
    }
  }

  /// Only what nothing can mend is called damaged: who reads that removes the profile, with what was not sent.
  static func state(_ error: ClientError) -> String {
    switch error.code {
    case .wrongPassphrase: "sealed"
    case .notEnrolled: "unfinished"
    default: error.isBeyondRepair ? "damaged" : "unreadable"
    }
  }
}

/// Follows a server to another address.
struct ProfilesSetURLCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-url", abstract: "Note that the server has moved; its key stays the same.")

  @OptionGroup var profile: ProfileOptions

  @Argument(help: ArgumentHelp("The new address, https://…", valueName: "url"))
  var url: String

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    try profile.setURL(url)
    shell.output.line("The server of this profile is now \(SafeText.line(url)).")
  }
}

/// Removes a profile with everything it holds.
struct ProfilesRemoveCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a profile from this device, with its keys and what waits to be sent.")

  @Flag(help: "Do not ask.")
  var yes = false

  @Flag(help: "Even if changes wait to be sent; they are lost.")
  var force = false

  @Argument(help: ArgumentHelp("The profile.", valueName: "name"))
  var name: String

  func run(in shell: Shell) async throws {
    let directory = try ProfileDirectory(variable: shell.variable)
    let path = directory.path(of: try ProfileDirectory.checked(name))
    guard FileBytes.exists(path) else {
      throw CommandFailure(
        .notFound, "not_found", "There is no profile \(name).", remedy: "\(shell.typed("profiles")) lists them.")
    }
    if !force { try refuseIfUnsent(path, in: shell) }
    let locks = try Self.locks(path, name: name)
    defer { for lock in locks { lock.unlock() } }
    if !yes {
      guard shell.canAsk else {
        throw CommandFailure(.usage, "not_confirmed", "There is no terminal to ask.", remedy: "Give --yes if you are sure.")
      }
      guard shell.confirms("Remove the profile \(name) with its keys?") else {
        throw CommandFailure(.cancelled, "cancelled", "Nothing was removed.")
      }
    }
    try Self.remove(path)
    shell.output.line("The profile \(name) is removed.")
    shell.output.line("If it was enrolled, ask an admin to revoke its device (countersign device revoke NAME).")
  }

  private func refuseIfUnsent(_ path: String, in shell: Shell) throws {
    let unsent: Int
    do {
      let profile = try Profile.open(at: path, name: name, environment: .live()) { try Passphrase.ask(in: shell) }
      defer { profile.close() }
      unsent = try profile.status().unsent
    } catch {
      // An enrolment that never succeeded: nothing can wait.
      if error.code == .notEnrolled { return }
      throw CommandFailure(
        ExitStatus(error.code), "unknown_state", "It cannot be seen whether changes of \(name) wait to be sent: \(error)",
        remedy: "Give --force to remove it all the same.")
    }
    guard unsent > 0 else { return }
    throw CommandFailure(
      .failure, "unsent",
      "\(counted(unsent, "change of \(name) waits", plural: "changes of \(name) wait")) to be sent.",
      remedy: "Sync first, or give --force; they are lost then.")
  }

  /// Whoever works with the profile meanwhile would write where nobody looks, and make files anew that were removed.
  private static func locks(_ path: String, name: String) throws -> [any ProfileLock] {
    try ["lock", "watch"].map { file in
      guard let lock = try PrivateFiles().tryLock(path + "/" + file) else {
        throw CommandFailure(
          .cacheInUse, "cache_in_use", "Another countersign works with the profile \(name); nothing was removed.",
          remedy: "Stop it (a watch, or a sync), then try again.")
      }
      return lock
    }
  }

  /// The files of one profile directory, which has no folders in it.
  private static func remove(_ path: String) throws {
    guard let directory = opendir(path) else { throw PrivateFiles.Failure("open", path) }
    var names: [String] = []
    while let entry = readdir(directory) { names.append(ProfileDirectory.name(of: entry)) }
    closedir(directory)
    // The identity goes first: without it the rest is of no use to anybody.
    for name in names.filter({ $0 == "identity" }) + names.filter({ ![".", "..", "identity"].contains($0) }) {
      guard unlink(path + "/" + name) == 0 else { throw PrivateFiles.Failure("remove", path + "/" + name) }
    }
    guard rmdir(path) == 0 else { throw PrivateFiles.Failure("remove", path) }
  }
}
