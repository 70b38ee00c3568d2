// Makes each kind of tenant store for a test, and ends it in an orderly way or by a crash.
import Foundation
import ReviewModel
import Storage
import StorageSQLite

/// Every implementation that the conformance suite runs on.
enum TenantStoreKind: CaseIterable, Sendable {
  case memory
  case sqlite
}

/// One store under test with the means to end it. Only in suites with the trait `serverScratchFolder`.
struct TenantStoreHarness {
  private(set) var store: any TenantStore
  private var generation = 0

  init(_ kind: TenantStoreKind) throws {
    store =
      switch kind {
      case .memory: MemoryTenantStore(tenant: Sample.tenant, epoch: Sample.epoch)
      case .sqlite: try SQLiteTenantStore.create(path: Self.path(0), tenant: Sample.tenant, epoch: Sample.epoch)
      }
  }

  /// An orderly end and a new beginning.
  mutating func reopen() throws {
    try store.close()
    if let memory = store as? MemoryTenantStore {
      store = memory.reopened()
    } else {
      store = try SQLiteTenantStore.open(path: Self.path(generation))
    }
  }

  /// Goes on with what a killed process would have left: the files as they are now, not closed by anybody.
  mutating func crash() throws {
    if let memory = store as? MemoryTenantStore {
      store = memory.reopened()
      return
    }
    let from = Self.path(generation)
    generation += 1
    let to = Self.path(generation)
    for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: from + suffix, toPath: to + suffix) }
    store = try SQLiteTenantStore.open(path: to)
  }

  private static func path(_ generation: Int) -> String { ServerScratchFolder.file("\(generation).sqlite") }
}
