// From the errors of stores and files to the client core's own.
import Storage

/// Runs what touches stores and files, and says what went wrong in the client core's words.
func storing<Answer>(_ body: () throws -> Answer) throws(ClientError) -> Answer {
  do {
    return try body()
  } catch {
    throw ClientError(storage: error)
  }
}

extension ClientError {
  init(storage error: any Error) {
    if let own = error as? ClientError {
      self = own
    } else if let stored = error as? StorageError {
      switch stored.code {
      case .busy: self.init(.cacheInUse, stored.sentence, remedy: "Try again when the other command is done.")
      case .diskFull: self.init(.damaged, stored.sentence, remedy: "Make room on the disk; nothing was lost.")
      default: self.init(.damaged, stored.sentence)
      }
    } else if error is CancellationError {
      self.init(.cancelled, "It was cancelled.")
    } else {
      self.init(.damaged, "A file of this profile cannot be used: \(error)", remedy: "Check its permissions and the disk.")
    }
  }
}
