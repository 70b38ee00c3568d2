// What SQLite reports, as a storage error with a sentence that says what to do. No sentence holds content.
import GRDB
import Storage

package enum ServerStorageFailure {
  /// The storage error for anything that was thrown while working with the database at a path.
  package static func storageError(for error: any Error, path: String) -> StorageError {
    if let error = error as? StorageError { return error }
    guard let error = error as? DatabaseError else {
      return StorageError(.inputOutput, "\(path) could not be used (\(type(of: error))); check the disk and try again.")
    }
    return storageError(for: error.extendedResultCode, path: path)
  }

  private static func storageError(for code: ResultCode, path: String) -> StorageError {
    switch code.primaryResultCode {
    case .SQLITE_FULL:
      StorageError(.diskFull, "The disk that holds \(path) is full and nothing was written; free some space and try again.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      StorageError(.busy, "Another process is writing \(path); try again, or stop that process.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      StorageError(.readOnly, "\(path) cannot be written; check the owner and mode of the file and of its folder.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_SCHEMA:
      damaged(path)
    case .SQLITE_CONSTRAINT:
      StorageError(.conflict, "\(path) holds already what must be new, so nothing was written; read again before writing.")
    case .SQLITE_MISUSE:
      closed(path)
    case .SQLITE_CANTOPEN:
      StorageError(.inputOutput, "\(path) cannot be opened; check that its folder exists and that this user may write it.")
    default:
      StorageError(
        .inputOutput, "The disk refused to read or write \(path) (SQLite \(code.rawValue)); check the disk and try again.")
    }
  }

  static func damaged(_ path: String) -> StorageError {
    StorageError(
      .damaged,
      "\(path) is damaged or is not a database of Countersign; leave it as it is, and report what countersignd verify says.")
  }

  static func closed(_ path: String) -> StorageError {
    StorageError(.closed, "\(path) was closed; open it again before using it.")
  }

  static func notFound(_ path: String) -> StorageError {
    StorageError(.notFound, "There is no database at \(path); check the path of the data directory, or create it first.")
  }

  static func exists(_ path: String) -> StorageError {
    StorageError(.conflict, "There is a database at \(path) already; open it, or choose another path.")
  }

  static func readOnly(_ path: String) -> StorageError {
    StorageError(.readOnly, "\(path) was opened for reading only; open it for writing to change it.")
  }

  static func tooNew(_ path: String, version: Int, newest: Int) -> StorageError {
    StorageError(
      .tooNew,
      "\(path) was written by a newer version (schema \(version), this one reads up to \(newest)); install the newer version.")
  }
}
