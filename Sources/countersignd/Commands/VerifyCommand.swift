// countersignd verify: checks every tenant's ledger and state, on a stopped or a running server's files.
import ArgumentParser
import ReviewModel
import Storage
import StorageSQLite
import SyncServer
import Trust

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks ledgers and state: signatures, chains, trees, and a replay of everything.")

  /// A backup in its place would take the evidence away, and acknowledged changes with it.
  private static let advice = """
    Not everything holds. Stop the server, leave the directory as it is, and report this as docs/SECURITY.md says; restore
    nothing before.

    """

  private struct Answer: Encodable {
    struct Tenant: Encodable {
      let id: String
      let name: String
      let size: UInt64
      let root: String
      /// Entries that were checked without words of theirs, which were erased.
      let erased: Int
      let problems: [String]
    }

    let ok: Bool
    let tenants: [Tenant]
  }

  @OptionGroup var dataOption: DataOption
  @Option(help: "Only this tenant, by id or name.") var tenant: String?
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    let data = try dataOption.directory()
    let directory = try data.openDirectory(readOnly: true)
    let serverName = try data.identity(directory).name
    let records = try tenant.map { [try data.tenant(named: $0, in: directory)] } ?? directory.tenants()
    let tenants = records.sorted { $0.name < $1.name }.map { verify($0, in: data, serverName: serverName) }
    let isSound = tenants.allSatisfy(\.problems.isEmpty)
    if json {
      try StandardOutput.write(json: Answer(ok: isSound, tenants: tenants))
    } else {
      for tenant in tenants {
        StandardOutput.write("\(tenant.name): \(tenant.size) entries, root \(tenant.root)\n")
        if tenant.erased > 0 {
          let entries = tenant.erased == 1 ? "1 entry has" : "\(tenant.erased) entries have"
          StandardOutput.write("  \(entries) erased words; where deciding needs them, the record is believed\n")
        }
        for problem in tenant.problems { StandardOutput.write("  ✗ \(problem)\n") }
      }
      StandardOutput.write(isSound ? "Everything holds.\n" : Self.advice)
    }
    if !isSound { throw ExitCode.failure }
  }

  private func verify(_ record: TenantRecord, in data: DataDirectory, serverName: String) -> Answer.Tenant {
    do throws(StorageError) {
      let store = try SQLiteTenantStore.open(path: data.tenantPath(record.id), readOnly: true)
      let report = try LedgerVerifier.verify(
        store, serverName: serverName, nowMilliseconds: ServerEnvironment.system.wallMilliseconds())
      try store.close()
      return Answer.Tenant(
        id: record.id.hex, name: record.name, size: report.size, root: report.root.hex, erased: report.erased,
        problems: report.problems)
    } catch {
      return Answer.Tenant(id: record.id.hex, name: record.name, size: 0, root: "", erased: 0, problems: [error.sentence])
    }
  }
}
