// What a commit erases is gone, whatever came before or with it, and nothing else goes.
import Foundation
import GRDB
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@Suite(.serverScratchFolder) struct TenantStoreErasureTests {
  private static func part(_ text: String) -> Part {
    Part.text(text, kind: .comment, salt: [UInt8](repeating: 3, count: 32))
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `an erased part is gone for good, and the others and the ledger stay`(kind: TenantStoreKind) throws {
    var harness = try TenantStoreHarness(kind)
    let (kept, erased) = (Self.part("stays"), Self.part("goes"))
    var batch = try Sample.batch(after: try harness.store.state(), entries: 1)
    batch.parts = [kept, erased]
    try harness.store.write(batch)
    var erasure = try Sample.batch(after: try harness.store.state(), entries: 1)
    erasure.erasedParts = [erased.digest]
    try harness.store.write(erasure)
    func expectErased() throws {
      #expect(try harness.store.parts([kept.digest, erased.digest]) == [kept.digest: kept])
      #expect(try harness.store.entries(from: 0, limit: 9) == batch.entries + erasure.entries)
    }
    try expectErased()
    try harness.crash()
    try expectErased()
    try harness.reopen()
    try expectErased()
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a commit that brings a part and erases it ends without it`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let (kept, erased) = (Self.part("stays"), Self.part("goes"))
    var batch = try Sample.batch(after: try store.state(), entries: 1)
    batch.parts = [erased, kept]
    batch.erasedParts = [erased.digest]
    try store.write(batch)
    #expect(try store.parts([kept.digest, erased.digest]) == [kept.digest: kept])
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `what is not there can be erased, again and again`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    for _ in 0..<2 {
      var batch = try Sample.batch(after: try store.state(), entries: 1)
      batch.erasedParts = [Sample.digest("a"), Sample.digest("b")].sorted()
      try store.write(batch)
    }
    #expect(try store.state().ledgerSize == 2)
  }

  @Test(arguments: TenantStoreKind.allCases)
  func `a refused commit erases nothing`(kind: TenantStoreKind) throws {
    let store = try TenantStoreHarness(kind).store
    let part = Self.part("stays")
    var batch = try Sample.batch(after: try store.state(), entries: 1)
    batch.parts = [part]
    try store.write(batch)
    batch.erasedParts = [part.digest]
    #expect(refusal { try store.write(batch) } == .headMoved)
    #expect(try store.parts([part.digest]) == [part.digest: part])
  }
}

// MARK: - The file

extension TenantStoreErasureTests {
  private var path: String { ServerScratchFolder.file("erased.sqlite") }

  /// A tenant with two entities and two parts; one of each is to go.
  private func filled(_ filler: String) throws -> (store: SQLiteTenantStore, erased: Part, kept: Part) {
    let store = try SQLiteTenantStore.create(path: path, tenant: Sample.tenant, epoch: Sample.epoch)
    // Twice, as one may lie across the end of a page.
    func text(_ word: String) -> String { filler + word + " " + word + filler }
    let (erased, kept) = (Self.part(text("Zyxomma")), Self.part(text("Gryllus")))
    let payloads = ["Vexelbrough", "Tumbledown"].map { Array(text($0).utf8) }
    var batch = try Sample.batch(
      after: try store.state(), entries: 1,
      writes: [(Sample.subject(1), .tenant, payloads[0]), (Sample.subject(2), .tenant, payloads[1])])
    batch.parts = [erased, kept]
    try store.write(batch)
    #expect(try DatabaseBytes.contain("Zyxomma", path: path))
    #expect(try DatabaseBytes.contain("Vexelbrough", path: path))
    return (store, erased, kept)
  }

  private func erase(_ part: Part, in store: SQLiteTenantStore) throws {
    var batch = try Sample.batch(
      after: try store.state(), entries: 1, writes: [(Sample.subject(1), .tenant, [1, 2, 3])])
    batch.erasedParts = [part.digest]
    try store.write(batch)
  }

  @Test(arguments: [40, 20_000])
  func `the open store's file and its log have forgotten erased words, short and long`(length: Int) throws {
    let (store, erased, kept) = try filled(String(repeating: "x", count: length))
    try erase(erased, in: store)
    for word in ["Zyxomma", "Vexelbrough"] { #expect(try !DatabaseBytes.contain(word, path: path)) }
    for word in ["Gryllus", "Tumbledown"] { #expect(try DatabaseBytes.contain(word, path: path)) }
    #expect(try store.load([Sample.subject(1)])[Sample.subject(1)]?.payload == [1, 2, 3])
    #expect(try store.parts([erased.digest, kept.digest]) == [kept.digest: kept])
    #expect(try store.durability() == TenantFile.fullDurability)
    try store.close()
  }

  @Test func `a reader in the way is no error, and closing empties the log`() throws {
    let (store, erased, _) = try filled("")
    let reader = try DatabaseQueue(path: path)
    try reader.read { database in
      _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM parts")
      try erase(erased, in: store)
    }
    #expect(try store.parts([erased.digest]).isEmpty)
    try reader.close()
    try store.close()
    for word in ["Zyxomma", "Vexelbrough"] { #expect(try !DatabaseBytes.contain(word, path: path)) }
  }

  @Test func `the next erasure empties a log that a reader has kept`() throws {
    let (store, erased, kept) = try filled("")
    let reader = try DatabaseQueue(path: path)
    try reader.read { database in
      _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM parts")
      try erase(erased, in: store)
    }
    try reader.close()
    try erase(kept, in: store)
    for word in ["Zyxomma", "Vexelbrough", "Gryllus"] { #expect(try !DatabaseBytes.contain(word, path: path)) }
    try store.close()
  }
}
