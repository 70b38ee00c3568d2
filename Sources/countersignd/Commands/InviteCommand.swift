// countersignd invite: a code for a new member. Writes only server.sqlite, so it works while the server runs.
import ArgumentParser
import Foundation
import ReviewModel
import StorageSQLite
import SyncServer

struct InviteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "invite", abstract: "Makes an invitation for a new member.")

  private struct Answer: Encodable {
    let code: String
    let tenant: String
    let url: String
  }

  @OptionGroup var dataOption: DataOption
  @Option(help: "The tenant's id or name.") var tenant: String
  @Option(help: "admin, editor, reviewer or viewer; several with commas or by repeating.") var role: [String]
  @Option(help: "The member's name.") var name: String
  @Option(help: "Where devices reach this server; by default where it was last served.") var url: String?
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    let data = try dataOption.directory()
    let roles = try self.roles()
    let directory = try data.openDirectory()
    guard let url = try EnvironmentFlag.value(url, "url") ?? directory.setting(DataDirectory.Setting.lastURL) else {
      throw ConfigurationError("This server was never served, so its address is not known; give --url wss://HOST:PORT.")
    }
    guard url.hasPrefix("wss://") || url.hasPrefix("ws://") else {
      throw ConfigurationError("--url takes wss://HOST:PORT (or ws:// on this machine); “\(url)” is neither.")
    }
    let administration = TenantAdministration(
      identity: try data.identity(directory), environment: .system, directory: directory)
    let code: InvitationCode
    do {
      code = try administration.invite(to: try administration.tenant(named: tenant), roles: roles, name: name, url: url)
    } catch {
      throw CommandFailure(error.sentence)
    }
    try directory.close()
    if json {
      try StandardOutput.write(json: Answer(code: code.text, tenant: code.tenant.hex, url: url))
    } else {
      StandardOutput.write("\(code.text)\n")
      StandardError.write("Give this code to \(name) by a way that only they read; it is good for one device and 14 days.\n")
    }
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
