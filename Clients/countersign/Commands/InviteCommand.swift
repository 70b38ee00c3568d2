// `countersign invite`: an invitation that an admin's device signs.
import ArgumentParser
import ClientCore

/// Invites a person, or a further device of somebody who is there, signed by an admin's device.
struct InviteCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite", abstract: "Invite a person, or a further device of one (admins): prints the code to give to them.",
    discussion: """
      The code works once the server has answered, for one device; until then it is NOT IN FORCE (exit code 7). \
      It is a secret until it is used: give it in person or sealed. With --member it is for another device of somebody \
      who is there, such as the one after a lost laptop.
      """)

  /// What an invitation answers.
  private struct Answer: Encodable {
    var code = ""
    var member = ""
    var mutation = ""
    var status = ""
    var sync = ""
    var reason = ""
    var remedy = ""
  }

  static let roles = ["admin", "editor", "reviewer", "viewer"]

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(help: ArgumentHelp("A role: admin, editor, reviewer or viewer; repeatable.", valueName: "role"))
  var role: [String] = []

  @Option(
    help: ArgumentHelp("A further device of this member: the name, or the beginning of the id.", valueName: "name|id"))
  var member: String?

  @Argument(help: ArgumentHelp("The new person's name.", valueName: "name"))
  var name: String?

  func validate() throws {
    if member != nil {
      guard name == nil, role.isEmpty else {
        throw ValidationError("--member is for somebody who is there, who keeps name and roles: give neither with it.")
      }
      return
    }
    guard name != nil else { throw ValidationError("Give the person's name, or --member for a further device of somebody.") }
    guard !role.isEmpty, role.allSatisfy(Self.roles.contains) else {
      throw ValidationError("Give at least one --role of: \(Self.roles.joined(separator: ", ")).")
    }
  }

  func run(in shell: Shell) async throws {
    try answer.requireFields(of: Answer(), identifier: "member")
    let profile = try profile.open(in: shell)
    let report = try invitation(by: profile)
    let delivery = try await DeliveryRun(profile: profile, options: change, shell: shell).deliver([report.mutation])
    let refusal = delivery.answered.first { $0.exit != 0 }
    let isPending = !delivery.isComplete
    if answer.isJSON {
      let status = refusal?.status ?? (isPending ? "queued" : "applied")
      let value = Answer(
        code: report.code, member: report.member, mutation: report.mutation, status: status, sync: delivery.sync,
        reason: refusal?.reason ?? "", remedy: refusal?.remedy ?? "")
      try answer.write(value, identifier: "member", in: shell)
    } else if let refusal {
      for line in ChangeRun.lines(refusal, verb: "invite", in: shell) { shell.output.line(line) }
    } else {
      shell.output.line(report.code)
      shell.output.flush()
      if let note = delivery.note { shell.note("The code is NOT IN FORCE yet. \(note)", .yellow) }
    }
    if let refusal { throw CommandFailure.silent(refusal.exit) }
    if isPending { throw CommandFailure.silent(delivery.unansweredExit) }
  }

  private func invitation(by profile: Profile) throws -> InvitationReport {
    if let member { return try profile.inviteDevice(ofMember: member) }
    return try profile.inviteMember(name: name ?? "", roles: role)
  }
}
