// What only files can do wrong: foreign, damaged, newer, held by others, readable by others.
import Foundation
import GRDB
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@Suite struct ClientFileTests {
  @Test func `a file that is no database is damaged, and a destroyed one opens anew`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("cache.sqlite")
    try Data(repeating: 0x41, count: 5_000).write(to: URL(fileURLWithPath: path))
    #expect(code { _ = try SQLiteCacheStore.open(path: path) } == .damaged)
    #expect(code { _ = try SQLiteOutboxStore.open(path: path) } == .damaged)
    try SQLiteCacheStore.destroy(path: path)
    try SQLiteCacheStore.destroy(path: path)
    let cache = try SQLiteCacheStore.open(path: path)
    #expect(try cache.scopes().isEmpty)
    try cache.close()
    #expect(code { _ = try cache.scopes() } == .closed)
  }

  @Test func `an error says which file it is about`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("store.sqlite")
    try Data(repeating: 0x41, count: 5_000).write(to: URL(fileURLWithPath: path))
    func file(_ body: () throws -> Void) -> StorageError.File? {
      do { try body() } catch { return (error as? StorageError)?.file }
      return nil
    }
    #expect(file { _ = try SQLiteCacheStore.open(path: path) } == .cache)
    #expect(file { _ = try SQLiteOutboxStore.open(path: path) } == .outbox)
    #expect(file { _ = try SQLiteOutboxStore.open(path: folder.path("nowhere/outbox.sqlite")) } == .outbox)
  }

  @Test func `a cache whose pages were overwritten says so when it reads them`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("cache.sqlite")
    let cache = try SQLiteCacheStore.open(path: path)
    _ = try cache.grant([.tenant])
    try cache.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let second = 4_096
    bytes.replaceSubrange(second..<bytes.count, with: Data(repeating: 0xFF, count: bytes.count - second))
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(code { try SQLiteCacheStore.open(path: path).allRows { _, _ in } } == .damaged)
  }

  @Test func `a database of another program is refused`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let foreign = try DatabaseQueue(path: path)
    try foreign.write { try $0.execute(sql: "CREATE TABLE recipe (id INTEGER)") }
    try foreign.close()
    #expect(code { _ = try SQLiteOutboxStore.open(path: path) } == .damaged)
    let cachePath = folder.path("cache.sqlite")
    try SQLiteCacheStore.open(path: cachePath).close()
    #expect(code { _ = try SQLiteOutboxStore.open(path: cachePath) } == .damaged)
  }

  @Test func `a file of a newer version is left alone`() throws {
    let folder = try ScratchFolder()
    for name in ["outbox.sqlite", "cache.sqlite"] {
      let path = folder.path(name)
      if name == "outbox.sqlite" { try SQLiteOutboxStore.open(path: path).close() }
      if name == "cache.sqlite" { try SQLiteCacheStore.open(path: path).close() }
      let newer = try DatabaseQueue(path: path)
      try newer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
      try newer.close()
      let found = code {
        if name == "outbox.sqlite" {
          _ = try SQLiteOutboxStore.open(path: path)
        } else {
          _ = try SQLiteCacheStore.open(path: path)
        }
      }
      #expect(found == .tooNew)
    }
  }

  @Test func `an outbox of the first version is taken over, and its rows cannot be checked`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let first = try SQLiteOutboxStore.open(path: path)
    _ = try first.append([Given.mutation(1)])
    try first.close()
    let old = try DatabaseQueue(path: path)
    try old.writeWithoutTransaction {
      try $0.execute(sql: "ALTER TABLE mutation DROP COLUMN checksum; PRAGMA user_version = 1")
    }
    try old.close()
    let outbox = try SQLiteOutboxStore.open(path: path)
    _ = try outbox.append([Given.mutation(2)])
    let rows = try outbox.unanswered()
    #expect(rows.map(\.mutation.mutationID) == [Given.id(1), Given.id(2)])
    #expect(rows[0].mutation.checksum == nil && rows[0].mutation.isWhole)
    #expect(rows[1].mutation == Given.mutation(2) && rows[1].mutation.isWhole)
    try outbox.close()
    #expect(try SQLiteOutboxStore.open(path: path).unanswered() == rows)
  }

  @Test func `nobody else may read the files, even if they could before`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let outbox = try SQLiteOutboxStore.open(path: path)
    _ = try outbox.append([Given.mutation(1)])
    for suffix in ["", "-wal", "-shm"] { #expect(try mode(path + suffix) == 0o600) }
    try outbox.close()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try SQLiteOutboxStore.open(path: path).close()
    #expect(try mode(path) == 0o600)
    #expect(code { _ = try SQLiteOutboxStore.open(path: folder.path("none/outbox.sqlite")) } == .inputOutput)
  }

  @Test func `a store that another program holds is busy, and free again after it`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let outbox = try SQLiteOutboxStore(path: path, busyTimeoutSeconds: 0)
    let other = try DatabaseQueue(path: path)
    try other.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        let found = code { _ = try outbox.append([Given.mutation(1)]) }
        #expect(found == .busy)
        let seen = try outbox.unanswered()
        #expect(seen.isEmpty, "readers do not wait for a writer")
        return .rollback
      }
    }
    #expect(try outbox.append([Given.mutation(1)]).map(\.row) == [1])
    try other.close()
    try outbox.close()
  }

  @Test func `a closed and opened outbox has everything`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let first = try SQLiteOutboxStore.open(path: path)
    try OutboxStoreTests.offerAll(1...3, to: first)
    try first.record([Given.answer(number: 1, seq: 1)])
    let (rows, lanes, version) = (try first.replayable(), try first.lanes(), try first.version())
    try first.close()
    let second = try SQLiteOutboxStore.open(path: path)
    #expect(try second.replayable() == rows)
    #expect(try second.lanes() == lanes)
    #expect(try second.version() == version)
    try second.close()
  }

  @Test func `several stores on a fresh file append while one offers, and nothing is lost`() throws {
    let folder = try ScratchFolder()
    let path = folder.path("outbox.sqlite")
    let perWriter = 25
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 4) { writer in
      failures.note {
        let outbox = try SQLiteOutboxStore.open(path: path)
        for number in 0..<perWriter {
          if writer == 0 {
            _ = try outbox.offer(lane: 1, limit: OfferLimit(mutations: 3, bytes: 1 << 20), sign: Given.sign)
          } else {
            _ = try outbox.append([Given.mutation(writer * 1_000 + number)])
          }
        }
        try outbox.close()
      }
    }
    #expect(failures.all.isEmpty)
    let outbox = try SQLiteOutboxStore.open(path: path)
    _ = try outbox.offer(lane: 1, limit: OfferLimit(mutations: 1_000, bytes: 1 << 30), sign: Given.sign)
    let rows = try outbox.offered(lane: 1)
    #expect(rows.map(\.number) == (1...UInt64(3 * perWriter)).map { $0 })
    #expect(rows.map(\.row) == (1...Int64(3 * perWriter)).map { $0 })
    #expect(try outbox.unanswered() == rows)
    let hashes = try rows.map { try #require($0.envelope).hash }
    #expect(try rows.map { try #require($0.envelope).envelope().previousHash } == [.zero] + hashes.dropLast())
    try outbox.close()
  }

  private func code(_ body: () throws -> Void) -> StorageError.Code? {
    #expect(throws: StorageError.self, performing: body)?.code
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }
}

/// What went wrong on several threads. Guarded by its lock.
private final class Failures: @unchecked Sendable {
  private let lock = NSLock()
  private var descriptions: [String] = []

  var all: [String] { lock.withLock { descriptions } }

  func note(_ body: () throws -> Void) {
    do { try body() } catch { lock.withLock { descriptions.append("\(error)") } }
  }
}
