// What SQLite's result codes mean to a person.
import GRDB
import Storage

extension ClientDatabase {
  /// Our own errors pass; everything else becomes one of ours. All of them say which file they are about.
  static func storageError(_ error: any Error, kind: ClientFileKind) -> StorageError {
    var own = (error as? StorageError) ?? named(error, kind: kind)
    own.file = kind.file
    return own
  }

  private static func named(_ error: any Error, kind: ClientFileKind) -> StorageError {
    guard let failure = error as? DatabaseError else {
      return StorageError(.inputOutput, "The \(kind.name) could not be read or written (\(error)); try again.")
    }
    let name = kind.name
    switch failure.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return StorageError(.busy, "Another program is using the \(name) and did not let go in time; try again.")
    case .SQLITE_FULL:
      return StorageError(.diskFull, "The disk is full: nothing was written to the \(name); make room and try again.")
    case .SQLITE_READONLY, .SQLITE_PERM:
      return StorageError(.readOnly, "The \(name) cannot be written; check its owner and mode.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
      return StorageError(.damaged, "The \(name) is damaged: it is no database, or parts of it are not readable.")
    case .SQLITE_CONSTRAINT:
      return StorageError(.conflict, "The \(name) has that already.")
    case .SQLITE_MISUSE:
      return StorageError(.closed, "The \(name) was closed; open it again.")
    default:
      let reason = failure.message ?? "\(failure.resultCode)"
      return StorageError(.inputOutput, "The \(name) could not be read or written (\(reason)); check disk and folder.")
    }
  }
}
