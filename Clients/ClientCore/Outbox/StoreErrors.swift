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
      self.init(stored)
    } else if error is CancellationError {
      self.init(.cancelled, "It was cancelled.")
    } else {
      // Files of the profile beside the stores: their adapter names the file and what the system said.
      self.init(.diskTrouble, "A file of this profile cannot be used: \(error)", remedy: "Check its permissions and the disk.")
    }
  }

  private init(_ stored: StorageError) {
    switch stored.code {
    case .busy: self.init(.cacheInUse, stored.sentence, remedy: "Try again when the other command is done.")
    case .diskFull: self.init(.diskTrouble, stored.sentence, remedy: "Make room on the disk; nothing was lost.")
    case .inputOutput, .readOnly:
      self.init(.diskTrouble, stored.sentence, remedy: "Check the disk and who owns the profile's folder; nothing was lost.")
    case .damaged:
      self.init(.damaged, stored.sentence)
      damagedFile = stored.file
    case .tooNew:
      self.init(.damaged, stored.sentence, remedy: "Update this program.")
      isOfNewerVersion = true
    case .headMoved, .conflict, .notFound, .closed, .signing: self.init(.damaged, stored.sentence)
    }
  }
}
