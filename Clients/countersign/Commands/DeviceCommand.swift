// `countersign device`: the devices of the tenant's members, and the end of one that was lost.
import ArgumentParser
import ClientCore

/// The devices of the tenant's members.
struct DeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device", abstract: "List the devices of all members, or revoke one.",
    subcommands: [DeviceListCommand.self, DeviceRevokeCommand.self], defaultSubcommand: DeviceListCommand.self)
}

/// Lists devices.
struct DeviceListCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the devices of all members, and what their keys rest on.")

  /// One device in a list.
  struct Row: Encodable {
    var device: String
    var name: String
    var member: String
    var memberID: String
    /// `admin_signed`, `server_vouched` or `device_vouched`.
    var binding: String
    var isRevoked: Bool
    /// The server has not answered the revocation: it is not in force.
    var isPending: Bool

    enum CodingKeys: String, CodingKey {
      case device, name, member, binding
      case memberID = "member_id"
      case isRevoked = "revoked"
      case isPending = "pending"
    }
  }

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let rows = Self.rows(try profile.members())
    if answer.isJSON { return try answer.write(list: rows, identifier: "device", in: shell) }
    let table = Self.table(rows, own: profile.identity.deviceID)
    let lines = table.lines(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput)
    shell.show(rows.isEmpty ? [] : lines, usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }

  static func rows(_ members: [MemberSummary]) -> [Row] {
    members.flatMap { member in
      member.devices.map { device in
        Row(
          device: device.device, name: device.name, member: member.name, memberID: member.member, binding: device.binding,
          isRevoked: device.isRevoked, isPending: device.isPending)
      }
    }
  }

  /// - Parameter own: the id of the device at hand.
  static func table(_ rows: [Row], own: String) -> Table {
    var table = Table(columns: [
      Table.Column(title: "DEVICE"), Table.Column(title: "MEMBER"), Table.Column(title: "STATE"),
      Table.Column(title: "KEY", dropOrder: 1), Table.Column(title: "NAME", isFlexible: true),
    ])
    table.rows = rows.map { row in
      let revoked = row.isPending ? "revoked, NOT IN FORCE yet" : "REVOKED"
      let state = row.isRevoked ? revoked : row.device == own ? "this one" : ""
      return [
        Table.Cell(ShortForm.post(row.device), .bold), Table.Cell(SafeText.line(row.member)), Table.Cell(state),
        Table.Cell(ShortForm.words(row.binding)), Table.Cell(SafeText.line(row.name)),
      ]
    }
    return table
  }
}

/// Ends a device for good.
struct DeviceRevokeCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "End a device for good, such as a stolen laptop (admins; your own others).",
    discussion: """
      It is final: the device never comes back, its member needs an invitation for another one. On a terminal it \
      asks. It goes ahead of everything that waits. Until the server has answered it is NOT IN FORCE (exit code 7). \
      What arrives from the device afterwards is not taken; what it holds stays on its disk.
      """)

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Flag(help: "Do not ask.")
  var yes = false

  @Argument(help: ArgumentHelp("The device: its name, or the beginning of its id.", valueName: "name|id"))
  var device: String

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    // Who names no device, or several, is told so and asked nothing.
    let target = try profile.deviceToRevoke(device)
    let words = "\(ShortForm.post(target.device)) “\(SafeText.line(target.name))” of \(SafeText.line(target.member))"
    try FinalQuestion(question: "Revoke the device \(words) for good?", otherwise: "Nothing was revoked.")
      .ask(isSure: yes, isJSON: answer.isJSON, in: shell)
    let report = try profile.revoke(device: device)
    try await SwitchRun(profile: profile, options: change, answer: answer, shell: shell)
      .finish(
        report, verb: "device revoke \(SafeText.line(device))", closing: FinalQuestion.closing("Revoking", in: shell))
  }
}
