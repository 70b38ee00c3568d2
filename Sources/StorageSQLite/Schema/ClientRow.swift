// Rows as SQLite gives them, without a detour over generic values: lists of ten thousand lines are read here.
import Foundation
import GRDB
import GRDBSQLite
import ReviewModel
import Trust

/// The row that a statement stands on. A column of another type reads as zero or empty, so a damaged file never traps.
struct ClientRow {
  private let statement: SQLiteStatement

  fileprivate init(_ statement: SQLiteStatement) { self.statement = statement }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  func unsigned(_ column: Int32) -> UInt64 { UInt64(bitPattern: integer(column)) }

  func optionalUnsigned(_ column: Int32) -> UInt64? { isNull(column) ? nil : unsigned(column) }

  func bool(_ column: Int32) -> Bool { integer(column) != 0 }

  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, column) else { return [] }
    // Safe: SQLite lends so many bytes until the statement moves on, and they are copied at once.
    return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }

  /// 32 bytes without an array in between; nil if there are not so many.
  func digest(_ column: Int32) -> Digest? {
    guard let start = sqlite3_column_blob(statement, column) else { return nil }
    // Safe: as above; the digest copies the bytes.
    return Digest(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }

  /// 16 bytes in the same way.
  func identifier<Kind>(_ column: Int32) -> Identifier<Kind>? {
    guard let start = sqlite3_column_blob(statement, column) else { return nil }
    // Safe: as above; the id copies the bytes.
    return Identifier(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }

  func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(statement, column) else { return "" }
    // Safe: as above; bytes that are no UTF-8 are repaired, not trusted.
    let units = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    return String(decoding: units, as: UTF8.self)
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}

extension Database {
  /// Every row of a query, in its order. The same query must not be run inside of the body: its statement is kept for reuse.
  func eachClientRow(_ sql: String, _ arguments: StatementArguments = [], _ body: (ClientRow) throws -> Void) throws {
    let statement = try cachedStatement(sql: sql)
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    let row = ClientRow(statement.sqliteStatement)
    while try cursor.next() != nil { try body(row) }
  }

  func clientRows<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (ClientRow) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    try eachClientRow(sql, arguments) { values.append(try body($0)) }
    return values
  }

  /// The first row of a query, nil if there is none.
  func clientRow<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (ClientRow) throws -> Value
  ) throws -> Value? {
    let statement = try cachedStatement(sql: sql)
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    guard try cursor.next() != nil else { return nil }
    return try body(ClientRow(statement.sqliteStatement))
  }

  func runClient(_ sql: String, _ arguments: StatementArguments = []) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

extension UInt64 {
  /// The same 64 bits as SQLite's signed integer. Numbers beyond 2^63 keep their value and lose their place in an order;
  /// no honest server reaches them.
  var clientInteger: Int64 { Int64(bitPattern: self) }
}

extension [UInt8] {
  var clientBlob: Data { Data(self) }
}
