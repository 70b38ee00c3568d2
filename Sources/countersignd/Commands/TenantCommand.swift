// countersignd tenant: make and list tenants. Works while the server runs.
import ArgumentParser
import ReviewModel
import Storage
import StorageSQLite
import SyncServer
import Trust

struct TenantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant", abstract: "Makes and lists tenants.",
    subcommands: [TenantCreateCommand.self, TenantListCommand.self])
}

struct TenantCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Makes a tenant.")

  private struct Answer: Encodable {
    let id: String
    let name: String
  }

  @OptionGroup var dataOption: DataOption
  @Argument(help: "The name that its members see.") var name: String
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    try ConfigurationError.check(name: name)
    let data = try dataOption.directory()
    let directory = try data.openDirectory()
    let administration = TenantAdministration(
      identity: try data.identity(directory), environment: .system, directory: directory)
    let record: TenantRecord
    do {
      record = try administration.create(name: name) { id, epoch throws(StorageError) in
        try SQLiteTenantStore.create(path: data.tenantPath(id), tenant: id, epoch: epoch)
      }
    } catch {
      throw CommandFailure(error.sentence)
    }
    try directory.close()
    if json {
      try StandardOutput.write(json: Answer(id: record.id.hex, name: record.name))
    } else {
      StandardOutput.write("Made the tenant “\(record.name)”, id \(record.id.hex).\n")
    }
  }
}

struct TenantListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the tenants.")

  private struct Line: Encodable {
    let id: String
    let name: String
    let createdMilliseconds: UInt64
    let root: String?
  }

  @OptionGroup var dataOption: DataOption
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    let directory = try dataOption.directory().openDirectory(readOnly: true)
    let tenants = try directory.tenants().sorted { $0.name < $1.name }
    if json {
      try StandardOutput.write(
        json: tenants.map {
          Line(id: $0.id.hex, name: $0.name, createdMilliseconds: $0.createdMilliseconds, root: $0.rootFingerprint?.hex)
        })
    } else {
      for tenant in tenants { StandardOutput.write("\(tenant.id.hex)  \(tenant.name)\n") }
    }
  }
}
