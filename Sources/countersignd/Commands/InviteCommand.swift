// countersignd invite: a code for a new member, or for a further device of one. Writes only server.sqlite, so it works
// while the server runs.
import ArgumentParser
import Foundation
import ReviewModel
import Storage
import StorageSQLite
import SyncServer

struct InviteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite", abstract: "Makes an invitation for a new member, or for a further device of one.")

  private struct Answer: Encodable {
    let code: String
    let tenant: String
    let url: String
  }

  /// Whom a code is for.
  private enum Guest {
    case newMember(name: String, roles: [Role])
    case device(ofMember: String)
  }

  @OptionGroup var dataOption: DataOption
  @Option(help: "The tenant's id or name.") var tenant: String
  @Option(help: "admin, editor, reviewer or viewer; several with commas or by repeating.") var role: [String] = []
  @Option(help: "The new member's name.") var name: String?
  @Option(help: "A further device of this member, who keeps name and roles; a name, or the beginning of an id.")
  var member: String?
  @Option(help: "Where devices reach this server; by default where it was last served.") var url: String?
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    let guest = try self.guest()
    let given = try givenAddress()
    let data = try dataOption.directory()
    let directory = try data.openDirectory()
    let url = try given ?? Self.lastAddress(directory)
    let administration = TenantAdministration(
      identity: try data.identity(directory), environment: .system, directory: directory)
    let record = try administration.tenant(named: tenant)
    let code: InvitationCode
    switch guest {
    case .newMember(let name, let roles): code = try administration.invite(to: record, roles: roles, name: name, url: url)
    case .device(let text):
      code = try administration.invite(to: record, deviceOf: try Self.member(named: text, of: record, in: data), url: url)
    }
    try directory.close()
    if json {
      try StandardOutput.write(json: Answer(code: code.text, tenant: code.tenant.hex, url: url))
    } else {
      let person = name ?? member ?? ""
      StandardOutput.write("\(code.text)\n")
      StandardError.write("Give this code to \(person) by a way that only they read; it is good for one device and 14 days.\n")
    }
  }

  private func guest() throws -> Guest {
    if let member {
      guard name == nil, role.isEmpty else {
        throw ConfigurationError("--member is for somebody who is there, who keeps name and roles: give neither with it.")
      }
      return .device(ofMember: member)
    }
    guard let name else {
      throw ConfigurationError("Give --name and --role for a new member, or --member for a further device of somebody.")
    }
    try ConfigurationError.check(name: name)
    let roles = try roles()
    guard !roles.isEmpty else { throw ConfigurationError("A new member needs at least one --role.") }
    return .newMember(name: name, roles: roles)
  }

  private func givenAddress() throws -> String? {
    guard let url = EnvironmentFlag.value(url, "url") else { return nil }
    guard InvitationAddress.isUsable(url) else {
      throw ConfigurationError(
        "--url takes wss://HOST:PORT (or ws:// on this machine), \(InvitationAddress.byteLimit) bytes at most; "
          + "“\(url.prefix(200))” is neither.")
    }
    return url
  }

  private static func lastAddress(_ directory: any DirectoryStore) throws -> String {
    guard let url = try directory.setting(DataDirectory.Setting.lastURL) else {
      throw ConfigurationError("This server was never served, so its address is not known; give --url wss://HOST:PORT.")
    }
    guard InvitationAddress.isUsable(url) else {
      throw ConfigurationError("No device takes \(url), where this server was served last; give --url wss://HOST:PORT.")
    }
    return url
  }

  private static func member(named text: String, of tenant: TenantRecord, in data: DataDirectory) throws -> MemberEntity {
    let store = try SQLiteTenantStore.open(path: data.tenantPath(tenant.id), readOnly: true)
    let found = try TenantMembers.named(text, among: TenantMembers.all(in: store))
    try store.close()
    return found
  }

  private func roles() throws -> [Role] {
    let words = role.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
    let roles = try words.map { word in
      guard let role = Role(name: word) else {
        throw ConfigurationError("There is no role “\(word)”; roles are \(Role.allCases.map(\.name).joined(separator: ", ")).")
      }
      return role
    }
    return Array(Set(roles)).sorted()
  }
}
