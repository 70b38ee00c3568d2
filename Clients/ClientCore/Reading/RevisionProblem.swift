// Why a text is not shown and cannot be signed on this device, and what a person does about it.
import ReviewModel
import SyncEngine
import Trust

/// What is wrong with a revision; the raw values are what JSON says.
package enum RevisionProblem: String, Sendable {
  /// Not what the server says it is.
  case damaged
  case notHeld = "not_held"

  /// Nil for a text that was verified, and for one that was erased.
  init?(_ reading: RevisionReading) {
    switch reading {
    case .verified, .erased: return nil
    case .notHeld: self = .notHeld
    case .damaged, .ofAnotherSubject: self = .damaged
    }
  }

  /// In place of the words in a line.
  package var mark: String {
    switch self {
    case .damaged: "(damaged)"
    case .notHeld: "(not held)"
    }
  }

  package var sentence: String {
    switch self {
    case .damaged:
      "What this device was given for this revision is not the text that its digest names, or is another post's: "
        + "it is not shown, and nothing is signed for it."
    case .notHeld: "This device does not hold the text of this revision, so nothing is signed for it."
    }
  }

  package var remedy: String {
    switch self {
    case .damaged:
      "Run \"countersign audit verify\" and tell your admin what it says; then delete cache.sqlite in the profile's folder "
        + "and sync."
    case .notHeld: "Sync. If that does not bring it, run \"countersign audit verify\" and tell your admin."
    }
  }

  /// - Parameter details: the posts it is about.
  func error(_ details: [String] = []) -> ClientError {
    ClientError(self == .damaged ? .damaged : .notFound, sentence, remedy: remedy, details: details)
  }
}
