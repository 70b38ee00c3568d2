// `countersign members`: who there is, and what the keys of their devices rest on.
import ArgumentParser
import ClientCore

/// Lists members and their devices.
struct MembersCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "members", abstract: "List the members of the tenant, and what their devices' keys rest on.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let members = try profile.members()
    if answer.isJSON { return try answer.write(list: members, identifier: "member", in: shell) }
    shell.show(members.flatMap { Self.lines($0, palette: shell.palette) }, usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }

  static func lines(_ member: MemberSummary, palette: Palette) -> [String] {
    let state = member.isRemoved ? " (removed)" : ""
    let roles = member.roles.joined(separator: ", ")
    let head = palette.paint(ShortForm.post(member.member), .bold) + "  \(SafeText.line(member.name))\(state) · \(roles)"
    return [head]
      + member.devices.map { device in
        let state = device.isPending ? ", revoked, NOT IN FORCE yet" : ", REVOKED"
        let revoked = device.isRevoked ? state : ""
        return
          "  \(ShortForm.revision(device.device))  \(SafeText.line(device.name)) · \(ShortForm.words(device.binding))\(revoked)"
      }
  }
}
