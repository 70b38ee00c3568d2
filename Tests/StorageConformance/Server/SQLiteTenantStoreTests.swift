// What only a store on disk has: durable settings, kills, files that are not ours, modes, read-only openings.
import Foundation
import GRDB
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@Suite(.serverScratchFolder) struct SQLiteTenantStoreTests {
  private var path: String { ServerScratchFolder.file("tenants/1.sqlite") }

  private func create() throws -> SQLiteTenantStore {
    try SQLiteTenantStore.create(path: path, tenant: Sample.tenant, epoch: Sample.epoch)
  }

  @Test func `commits are really durable: WAL with synchronous full`() throws {
    let created = try create()
    #expect(try created.durability() == TenantFile.fullDurability)
    try created.commit([(Sample.subject(1), .tenant, [1])])
    #expect(try created.durability() == TenantFile.fullDurability)
    try created.close()
    #expect(try SQLiteTenantStore.open(path: path).durability() == TenantFile.fullDurability)
  }

  @Test func `the files are private`() throws {
    let store = try create()
    try store.commit([(Sample.subject(1), .tenant, [1])])
    for suffix in ["", "-wal", "-shm"] { #expect(try TenantFile.mode(path + suffix) == 0o600) }
    #expect(try TenantFile.mode(ServerScratchFolder.file("tenants")) == 0o700)
  }

  @Test func `a log cut anywhere by a kill leaves whole commits`() throws {
    let store = try create()
    try store.close()
    let open = try SQLiteTenantStore.open(path: path)
    for round in 1...8 as ClosedRange<UInt64> {
      try open.commit([(Sample.subject(round), .tenant, [UInt8](repeating: 5, count: 3_000))], entries: 1)
    }
    let log = try TenantFile.bytes(path + "-wal")
    var seen: Set<UInt64> = []
    for cut in stride(from: 0, through: log.count, by: max(1, log.count / 23)) {
      let copy = ServerScratchFolder.file("cut-\(cut).sqlite")
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try TenantFile.write(Array(log[..<cut]), to: copy + "-wal")
      let found = try SQLiteTenantStore.open(path: copy)
      let state = try found.state()
      #expect(state.seq == state.ledgerSize)
      #expect(try found.entries(from: 0, limit: 99).count == Int(state.ledgerSize))
      #expect(try found.digest(.tenant).head == state.seq)
      seen.insert(state.seq)
      try found.close()
    }
    #expect(seen.count > 4 && seen.isSuperset(of: [0]))
  }

  @Test func `a file that is no database is refused and left alone`() throws {
    let garbage = Array("This is a letter to the editor, and not at all a database. ".utf8)
    let file = ServerScratchFolder.file("letter.txt")
    for bytes in [garbage, Array(repeatElement(garbage, count: 200).joined()), []] {
      try TenantFile.write(bytes, to: file)
      #expect(refusal { _ = try SQLiteTenantStore.open(path: file) } == .damaged)
      #expect(refusal { _ = try SQLiteTenantStore.open(path: file, readOnly: true) } == .damaged)
      #expect(try TenantFile.bytes(file) == bytes)
    }
    #expect(refusal { _ = try SQLiteTenantStore.open(path: file + ".missing") } == .notFound)
    #expect(!FileManager.default.fileExists(atPath: file + ".missing"))
  }

  @Test func `another program's database is refused and left alone`() throws {
    let file = ServerScratchFolder.file("other.sqlite")
    try TenantFile.execute("CREATE TABLE cats (name TEXT)", on: file)
    let before = try TenantFile.bytes(file)
    #expect(refusal { _ = try SQLiteTenantStore.open(path: file) } == .damaged)
    let creation = refusal { _ = try SQLiteTenantStore.create(path: file, tenant: Sample.tenant, epoch: Sample.epoch) }
    #expect(creation == .damaged)
    #expect(try TenantFile.bytes(file) == before)
  }

  @Test func `a newer schema is refused in words that name the way out`() throws {
    try create().close()
    try TenantFile.execute("PRAGMA user_version = 99", on: path)
    for readOnly in [false, true] {
      do {
        _ = try SQLiteTenantStore.open(path: path, readOnly: readOnly)
        Issue.record("a newer schema was opened")
      } catch {
        #expect(error.code == .tooNew)
        #expect(error.sentence.contains("install the newer version"))
      }
    }
  }

  @Test func `a tenant is made once, and an interrupted making can be repeated`() throws {
    try FileManager.default.createDirectory(atPath: ServerScratchFolder.file("tenants"), withIntermediateDirectories: true)
    try TenantFile.write([], to: path)
    try create().close()
    #expect(refusal { _ = try create() } == .conflict)
    #expect(try SQLiteTenantStore.open(path: path).state().tenant == Sample.tenant)
  }

  @Test func `damage inside the file is reported and never trusted`() throws {
    let store = try create()
    try store.commit((1...200).map { (Sample.subject($0), .tenant, [UInt8](repeating: 1, count: 500)) }, entries: 50)
    try store.close()
    let good = try TenantFile.bytes(path)
    let pageByteCount = 4_096
    for page in 1..<good.count / pageByteCount where page % 3 == 1 {
      var bad = good
      for offset in 0..<pageByteCount { bad[page * pageByteCount + offset] = UInt8(truncatingIfNeeded: offset * 31 + page) }
      try TenantFile.write(bad, to: path)
      let code = refusal {
        let store = try SQLiteTenantStore.open(path: path)
        _ = try store.entries(from: 0, limit: 100)
        _ = try store.load((1...200).map { Sample.subject($0) })
        _ = try store.digest(.tenant)
        _ = try store.leafRows(.tenant, leaf: 1)
        try store.close()
      }
      #expect(code == nil || code == .damaged || code == .inputOutput)
    }
  }

  @Test(arguments: [
    "UPDATE meta SET tenant = x'00'", "UPDATE meta SET seq = -5", "DELETE FROM meta", "DROP TABLE meta",
  ])
  func `a head that makes no sense is damage`(sql: String) throws {
    try create().close()
    try TenantFile.execute(sql, on: path)
    #expect(refusal { _ = try SQLiteTenantStore.open(path: path) } != nil)
  }

  @Test func `values that make no sense are damage`() throws {
    let store = try create()
    try store.commit([(Sample.subject(1), .tenant, [1])], entries: 1)
    try store.close()
    try TenantFile.execute(
      """
      UPDATE ledger SET signature = x'01', member = x''; UPDATE entities SET kind = 999; UPDATE scopes SET digest = x'02';
      """, on: path)
    let open = try SQLiteTenantStore.open(path: path)
    #expect(refusal { _ = try open.entry(index: 0) } == .damaged)
    #expect(refusal { _ = try open.digest(.tenant) } == .damaged)
    let request = PageRequest(
      scope: .tenant, after: 0, through: .max, byteLimit: .max, rowLimit: .max, includesDepartures: true)
    #expect(refusal { _ = try open.page(request) } == .damaged)
    #expect(refusal { try open.commit([(Sample.subject(1), .tenant, [2])]) } == .damaged)
  }

  @Test func `a read-only opening reads beside the writer and changes nothing`() throws {
    let store = try create()
    try store.mark(deciding: [Sample.digest("a")])
    let reader = try SQLiteTenantStore.open(path: path, readOnly: true)
    try store.commit([(Sample.subject(1), .tenant, [1])])
    #expect(try reader.state().seq == 1)
    #expect(try reader.decidingMarkers().map(\.crashCount) == [0])
    #expect(refusal { try reader.commit([(Sample.subject(2), .tenant, [1])]) } == .readOnly)
    #expect(refusal { try reader.mark(deciding: [.zero]) } == .readOnly)
    try reader.close()
    try reader.close()
    #expect(try store.state().seq == 1)
  }

  @Test(arguments: [
    (ResultCode.SQLITE_FULL, StorageError.Code.diskFull), (.SQLITE_BUSY, .busy), (.SQLITE_BUSY_SNAPSHOT, .busy),
    (.SQLITE_READONLY, .readOnly), (.SQLITE_CORRUPT, .damaged), (.SQLITE_NOTADB, .damaged),
    (.SQLITE_IOERR_FSYNC, .inputOutput), (.SQLITE_CONSTRAINT_UNIQUE, .conflict), (.SQLITE_MISUSE, .closed),
  ])
  func `what SQLite reports has a code and a remedy`(reported: ResultCode, expected: StorageError.Code) {
    let error = ServerStorageFailure.storageError(for: DatabaseError(resultCode: reported), path: "t.sqlite")
    #expect(error.code == expected)
    #expect(error.sentence.contains("t.sqlite") && error.sentence.contains(";"))
  }

  @Test func `erased content is not left in the file`() throws {
    let store = try create()
    let secret = Array("The patient's name is Vexelbrough".utf8)
    try store.commit([(Sample.subject(1), .tenant, secret)])
    try store.commit([(Sample.subject(1), .tenant, nil)])
    try store.close()
    #expect(String(decoding: try TenantFile.bytes(path), as: UTF8.self).contains("Vexelbrough") == false)
  }
}
