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
  @Option(help: "Only what the devices of this member may read; the member's id or name.") var member: String?

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
      throw CommandFailure("\(path) cannot be written: \(error.localizedDescription).")
    }
    try store.close()
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
    guard let scopes = try TenantExport.scopes(of: try Self.member(named: member, in: store), in: store) else {
      throw Self.noMember(member)
    }
    return scopes
  }

  /// The member with this id or name, removed ones too.
  private static func member(named text: String, in store: SQLiteTenantStore) throws -> MemberID {
    if let id = MemberID(hex: text) { return id }
    let members = try store.entities(.member, in: .tenant, limit: .max).compactMap { row in
      try row.payload.map { try MemberEntity(tolerating: $0) }
    }
    let found = members.filter { $0.name == text }.map(\.id)
    guard let only = found.first else { throw noMember(text) }
    guard found.count == 1 else {
      let ids = found.map(\.hex).sorted().joined(separator: ", ")
      throw CommandFailure("Several members are named “\(text)”; give an id instead: \(ids).")
    }
    return only
  }

  private static func noMember(_ text: String) -> CommandFailure {
    CommandFailure("There is no member “\(text)”; give a name as it is written, or the 32 digits of a member's id.")
  }
}
