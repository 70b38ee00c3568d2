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
  private static let oldCopyAdvice = """
    What is here holds, and acknowledged changes are missing. Stop the server and put the newest copy of the tenant's files in
    place, as docs/OPERATIONS.md says under “A server that came up from an old copy”.

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

  /// One tenant's part of the answer, and whether its being an old copy is all that is wrong.
  private struct Check {
    var tenant: Answer.Tenant
    var isOldCopyOnly = false

    var isSound: Bool { tenant.problems.isEmpty }
  }

  @OptionGroup var dataOption: DataOption
  @Option(help: "Only this tenant, by id or name.") var tenant: String?
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    let data = try dataOption.directory()
    let directory = try data.openDirectory(readOnly: true)
    let identity = try data.identity(directory)
    let records = try tenant.map { [try data.tenant(named: $0, in: directory)] } ?? directory.tenants()
    let checks = records.sorted { $0.name < $1.name }.map { check($0, in: data, identity: identity, directory: directory) }
    let isSound = checks.allSatisfy(\.isSound)
    if json {
      try StandardOutput.write(json: Answer(ok: isSound, tenants: checks.map(\.tenant)))
    } else {
      for check in checks { Self.show(check.tenant) }
      StandardOutput.write(Self.conclusion(checks))
    }
    if !isSound { throw ExitCode.failure }
  }

  private static func show(_ tenant: Answer.Tenant) {
    StandardOutput.write("\(tenant.name): \(tenant.size) entries, root \(tenant.root)\n")
    if tenant.erased > 0 {
      let entries = tenant.erased == 1 ? "1 entry has" : "\(tenant.erased) entries have"
      StandardOutput.write("  \(entries) erased words; where deciding needs them, the record is believed\n")
    }
    for problem in tenant.problems { StandardOutput.write("  ✗ \(problem)\n") }
  }

  private static func conclusion(_ checks: [Check]) -> String {
    if checks.allSatisfy(\.isSound) { return "Everything holds.\n" }
    return checks.allSatisfy { $0.isSound || $0.isOldCopyOnly } ? oldCopyAdvice : advice
  }

  private func check(
    _ record: TenantRecord, in data: DataDirectory, identity: ServerIdentity, directory: any DirectoryStore
  ) -> Check {
    do throws(StorageError) {
      let store = try SQLiteTenantStore.open(path: data.tenantPath(record.id), readOnly: true)
      let report = try LedgerVerifier.verify(
        store, serverName: identity.name, nowMilliseconds: ServerEnvironment.system.wallMilliseconds())
      let oldCopy = try OldCopyFinding.look(at: record.id, identity: identity, store: store, directory: directory)
      try store.close()
      let problems = report.problems + (oldCopy.map { [$0.sentence] } ?? [])
      let tenant = Answer.Tenant(
        id: record.id.hex, name: record.name, size: report.size, root: report.root.hex, erased: report.erased,
        problems: problems)
      return Check(tenant: tenant, isOldCopyOnly: oldCopy != nil && report.problems.isEmpty)
    } catch {
      return Check(
        tenant: Answer.Tenant(
          id: record.id.hex, name: record.name, size: 0, root: "", erased: 0, problems: [error.sentence]))
    }
  }
}
