// Reading columns of the server's tables without trusting the file: a column of the wrong type is a damaged file, not a crash.
import Foundation
import GRDB
import ReviewModel
import Storage
import Trust

/// A row whose columns are read by their places.
struct ServerRow {
  private let row: Row
  private let path: String

  init(_ row: Row, path: String) {
    self.row = row
    self.path = path
  }

  /// Nil for NULL.
  func optionalBytes(_ column: Int) throws(StorageError) -> [UInt8]? {
    switch (row[column] as DatabaseValue).storage {
    case .blob(let data): [UInt8](data)
    case .null: nil
    default: throw ServerStorageFailure.damaged(path)
    }
  }

  func bytes(_ column: Int) throws(StorageError) -> [UInt8] { try require(try optionalBytes(column)) }

  func number(_ column: Int) throws(StorageError) -> UInt64 {
    guard case .int64(let number) = (row[column] as DatabaseValue).storage else { throw ServerStorageFailure.damaged(path) }
    return try require(UInt64(exactly: number))
  }

  func smallNumber(_ column: Int) throws(StorageError) -> UInt32 { try require(UInt32(exactly: try number(column))) }

  func text(_ column: Int) throws(StorageError) -> String {
    guard case .string(let text) = (row[column] as DatabaseValue).storage else { throw ServerStorageFailure.damaged(path) }
    return text
  }

  func digest(_ column: Int) throws(StorageError) -> Digest { try require(Digest(try bytes(column))) }

  func identifier<Kind>(_ column: Int) throws(StorageError) -> Identifier<Kind> {
    try require(Identifier<Kind>(try bytes(column)))
  }

  func kind(_ column: Int) throws(StorageError) -> EntityKind { try require(EntityKind(rawValue: try smallNumber(column))) }

  func scope(_ column: Int) throws(StorageError) -> Scope { try require(Scope(name: try text(column))) }

  func require<Value>(_ value: Value?) throws(StorageError) -> Value {
    guard let value else { throw ServerStorageFailure.damaged(path) }
    return value
  }
}

/// Values as SQLite takes them. Numbers past the 63 bits of SQLite's integers are only ever asked for, never stored.
enum ServerColumn {
  static func bytes(_ bytes: [UInt8]?) -> DatabaseValue {
    guard let bytes else { return .null }
    return Data(bytes).databaseValue
  }

  static func digest(_ digest: Digest) -> DatabaseValue { Data(digest.bytes).databaseValue }

  static func number(_ number: UInt64) -> DatabaseValue { Int64(clamping: number).databaseValue }

  static func kind(_ kind: EntityKind) -> DatabaseValue { Int64(kind.rawValue).databaseValue }
}

extension Database {
  /// All rows of a statement that is prepared once a connection.
  func serverRows<Answer>(
    _ sql: String, _ arguments: [DatabaseValue], path: String, _ body: (ServerRow) throws -> Answer
  ) throws -> [Answer] {
    let rows = try Row.fetchCursor(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    var answers: [Answer] = []
    while let row = try rows.next() { answers.append(try body(ServerRow(row, path: path))) }
    return answers
  }

  /// The first row, nil if there is none.
  func serverRow<Answer>(
    _ sql: String, _ arguments: [DatabaseValue], path: String, _ body: (ServerRow) throws -> Answer
  ) throws -> Answer? {
    let rows = try Row.fetchCursor(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    guard let row = try rows.next() else { return nil }
    return try body(ServerRow(row, path: path))
  }

  /// Executes a statement that is prepared once a connection.
  func executeCached(_ sql: String, _ arguments: [DatabaseValue]) throws {
    try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
  }
}
