// The server's own records, on every implementation; and what only files have.
import Foundation
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@Suite(.serverScratchFolder) struct DirectoryStoreTests {
  private static let path = "server.sqlite"

  private func store(_ kind: TenantStoreKind) throws -> any DirectoryStore {
    switch kind {
    case .memory: MemoryDirectoryStore()
    case .sqlite: try SQLiteDirectoryStore.open(path: ServerScratchFolder.file(Self.path))
    }
  }

  private func tenant(_ number: UInt64, _ name: String) -> TenantRecord {
    TenantRecord(id: Sample.identifier(number), name: name, createdMilliseconds: 1_700_000_000_000, rootFingerprint: nil)
  }

  private func invitation(_ seed: String, roles: [Role]) throws -> InvitationRecord {
    InvitationRecord(
      key: try #require(PublicKey(Sample.digest(seed).bytes)), tenant: Sample.tenant, member: Sample.identifier(4),
      roles: roles, name: "Dr. Åse “Øre” Лебедева", createdMilliseconds: 5, expiresMilliseconds: 600)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `tenants are kept, listed by id, and changed`(kind: TenantStoreKind) throws {
    let store = try store(kind)
    #expect(try store.tenants().isEmpty)
    try store.insert(tenant(2, "Klinik am See"))
    try store.insert(tenant(1, "Praxis Nord"))
    var changed = tenant(2, "Klinik am Meer")
    changed.rootFingerprint = Sample.digest("root")
    try store.update(changed)
    #expect(try store.tenants() == [tenant(1, "Praxis Nord"), changed])
    #expect(try store.tenant(changed.id) == changed)
    #expect(try store.tenant(.zero) == nil)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `an id or a name is taken once`(kind: TenantStoreKind) throws {
    let store = try store(kind)
    try store.insert(tenant(1, "Nord"))
    try store.insert(tenant(2, "Süd"))
    #expect(refusal { try store.insert(tenant(1, "West")) } == .conflict)
    #expect(refusal { try store.insert(tenant(3, "Nord")) } == .conflict)
    #expect(refusal { try store.update(tenant(2, "Nord")) } == .conflict)
    #expect(refusal { try store.update(tenant(9, "Ost")) } == .notFound)
    #expect(try store.tenants().map(\.name) == ["Nord", "Süd"])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `invitations are found by their key`(kind: TenantStoreKind) throws {
    let store = try store(kind)
    let doctor = try invitation("doctor", roles: [.reviewer, .admin])
    let nobody = try invitation("nobody", roles: [])
    try store.insert(doctor)
    try store.insert(nobody)
    #expect(try store.invitation(doctor.key) == doctor)
    #expect(try store.invitation(nobody.key) == nobody)
    #expect(try store.invitation(try invitation("other", roles: []).key) == nil)
    #expect(refusal { try store.insert(doctor) } == .conflict)
    try store.remove(invitation: doctor.key)
    try store.remove(invitation: doctor.key)
    #expect(try store.invitation(doctor.key) == nil && store.invitation(nobody.key) == nobody)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `what an old copy lacks is kept for each tenant, replaced and forgotten`(kind: TenantStoreKind) throws {
    let store = try store(kind)
    let (north, south): (TenantID, TenantID) = (Sample.identifier(1), Sample.identifier(2))
    let first = SeenCheckpoint(origin: "sync.example.org/1/2", size: 7, root: Sample.digest("seven"))
    let second = SeenCheckpoint(origin: "sync.example.org/1/3", size: 9, root: Sample.digest("nine"))
    #expect(try store.shown(of: north) == nil)
    try store.keep(shown: first, of: north)
    try store.keep(shown: first, of: south)
    try store.keep(shown: second, of: north)
    #expect(try store.shown(of: north) == second && store.shown(of: south) == first)
    try store.forgetShown(of: north)
    try store.forgetShown(of: north)
    #expect(try store.shown(of: north) == nil && store.shown(of: south) == first)
    try store.close()
    #expect(refusal { try store.keep(shown: first, of: north) } == .closed)
    #expect(refusal { _ = try store.shown(of: north) } == .closed)
  }

  @Test func `a directory of the first version is brought up to date with what it holds`() throws {
    let path = ServerScratchFolder.file(Self.path)
    let shown = SeenCheckpoint(origin: "o", size: 3, root: Sample.digest("three"))
    let made = try SQLiteDirectoryStore.open(path: path)
    try made.insert(tenant(1, "Nord"))
    try made.close()
    try TenantFile.execute("DROP TABLE old_copies; PRAGMA user_version = 1", on: path)
    let refused = refusal { _ = try SQLiteDirectoryStore.open(path: path, readOnly: true) }
    #expect(refused == .readOnly, "it must be opened for writing once")
    let store = try SQLiteDirectoryStore.open(path: path)
    #expect(try store.tenants() == [tenant(1, "Nord")])
    try store.keep(shown: shown, of: Sample.tenant)
    try store.close()
    let again = try SQLiteDirectoryStore.open(path: path, readOnly: true)
    #expect(try again.shown(of: Sample.tenant) == shown)
    #expect(refusal { try again.forgetShown(of: Sample.tenant) } == .readOnly)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `settings are kept and replaced, and a closed directory says so`(kind: TenantStoreKind) throws {
    let store = try store(kind)
    #expect(try store.setting("name") == nil)
    try store.set("name", to: "")
    #expect(try store.setting("name") == "")
    try store.set("name", to: "sync.example.org")
    #expect(try store.setting("name") == "sync.example.org")
    try store.close()
    try store.close()
    #expect(refusal { _ = try store.setting("name") } == .closed)
    #expect(refusal { try store.set("name", to: "x") } == .closed)
  }

  @Test func `the file is private, durable, and found again`() throws {
    let path = ServerScratchFolder.file("data/\(Self.path)")
    let store = try SQLiteDirectoryStore.open(path: path)
    try store.insert(tenant(1, "Nord"))
    #expect(try store.durability() == TenantFile.fullDurability)
    #expect(try TenantFile.mode(path) == 0o600)
    #expect(try TenantFile.mode(ServerScratchFolder.file("data")) == 0o700)
    try store.close()
    let again = try SQLiteDirectoryStore.open(path: path, readOnly: true)
    #expect(try again.tenants().count == 1)
    #expect(refusal { try again.insert(tenant(2, "Süd")) } == .readOnly)
  }

  @Test func `a tenant's file is not taken for a directory, nor a missing one read`() throws {
    let path = ServerScratchFolder.file("tenant.sqlite")
    try SQLiteTenantStore.create(path: path, tenant: Sample.tenant, epoch: Sample.epoch).close()
    #expect(refusal { _ = try SQLiteDirectoryStore.open(path: path) } == .damaged)
    #expect(refusal { _ = try SQLiteDirectoryStore.open(path: path + "x", readOnly: true) } == .notFound)
  }

  /// SQLite lets writers wait without taking turns: on a busy machine one of them may be told to try again.
  private func patiently<Answer>(_ write: () throws -> Answer) throws -> Answer {
    for _ in 0..<20 {
      do {
        return try write()
      } catch {
        guard (error as? StorageError)?.code == .busy else { throw error }
      }
    }
    return try write()
  }

  @Test func `several openings write side by side from the very first moment`() async throws {
    let path = ServerScratchFolder.file(Self.path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 1...4 as ClosedRange<UInt64> {
        group.addTask {
          let store = try patiently { try SQLiteDirectoryStore.open(path: path) }
          for round in 0..<5 as Range<UInt64> {
            try patiently { try store.insert(tenant(writer * 100 + round, "\(writer)/\(round)")) }
            try patiently { try store.set("last", to: "\(writer)") }
          }
          try store.close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try SQLiteDirectoryStore.open(path: path).tenants().count == 20)
  }
}
