// countersignd export: a tenant's state as sorted JSON lines, to be compared with what a device exports.
import ArgumentParser
import Foundation
import ReviewModel
import Storage
import StorageSQLite
import SyncServer

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes a tenant's state as JSON lines; works while the server runs.")

  private static let attempts = 5

  @OptionGroup var dataOption: DataOption
  @Option(help: "The tenant's id or name.") var tenant: String
  @Option(help: ArgumentHelp("The directory for \(TenantExport.fileName).", valueName: "dir")) var state: String
  @Option(help: "Only what the devices of this member may read; a name, or the beginning of an id.") var member: String?

  func run() throws {
    let data = try dataOption.directory()
    let directory = try data.openDirectory(readOnly: true)
    let record = try data.tenant(named: tenant, in: directory)
    let store = try SQLiteTenantStore.open(path: data.tenantPath(record.id), readOnly: true)
    let text = try text(of: store)
    try DataDirectory.makeFolder(state)
    let path = state + "/" + TenantExport.fileName
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure("\(path) cannot be written: \(error.localizedDescription). Give --state another directory.")
    }
    try store.close()
    // One line is one entity.
    let count = text.utf8.count(where: { $0 == UInt8(ascii: "\n") })
    StandardOutput.write("\(count == 1 ? "1 entity" : "\(count) entities") of “\(record.name)” written to \(path)\n")
  }

  /// One moment's state: read again if the server wrote meanwhile.
  private func text(of store: SQLiteTenantStore) throws -> String {
    for _ in 0..<Self.attempts {
      let before = try store.state()
      let text = try TenantExport.text(of: store, scopes: try scopes(of: store))
      if try store.state() == before { return text }
    }
    throw CommandFailure("The server writes too fast for one consistent export; stop it, or try again when it is quieter.")
  }

  private func scopes(of store: SQLiteTenantStore) throws -> [Scope] {
    guard let member else { return try TenantExport.allScopes(of: store) }
    let found = try TenantMembers.named(member, among: TenantMembers.all(in: store), orRemoved: true)
    guard let scopes = try TenantExport.scopes(of: found.id, in: store) else { throw AdministrationError.noMember(member) }
    return scopes
  }
}
