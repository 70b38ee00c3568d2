// What tests look at and do to a database file behind the store's back.
import Foundation
import GRDB
import StorageSQLite

enum TenantFile {
  static let fullDurability = ServerDurability(journalMode: "wal", synchronousLevel: 2, erasesDeleted: true)

  /// The permission bits.
  static func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  /// Executes statements on the file with a connection of its own, then lets go of it.
  static func execute(_ sql: String, on path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  static func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
}
