// The one error type of the client core: a code for programs, a sentence and a remedy for people.
import Storage

/// What went wrong, as programs tell it apart.
public enum ClientErrorCode: String, Sendable, Hashable, Codable, CaseIterable {
  /// There is no profile here, or its server no longer knows this device.
  case notEnrolled
  /// The server refused the session or the enrolment.
  case refusedByServer
  /// The revision that was meant is no longer current.
  case revisionMoved
  /// The server has not answered in time.
  case notConfirmed
  /// The rules refuse it.
  case rejected
  case notFound
  /// More than one thing has a name that begins so; `details` lists them.
  case ambiguous
  case noCache
  case cacheInUse
  case wrongPassphrase
  /// What was given cannot be right; `details` lists the faults.
  case badInput
  /// The server cannot be reached; trying again may help.
  case unreachable
  case cancelled
  /// A file of this profile cannot be read as what it should be.
  case damaged
  /// The disk is full or cannot be read or written just now; trying again may help.
  case diskTrouble
  case notPermitted
}

/// Why the client core could not do what was asked. Two errors are equal when their codes are.
public struct ClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// For programs.
  public var code: ClientErrorCode
  /// What happened, in one sentence.
  public var sentence: String
  /// What would help, in one sentence.
  public var remedy: String
  /// Candidates, faults or the like, one a line; often empty.
  public var details: [String]
  /// The store that is damaged, if it is known which one.
  package var damagedFile: StorageError.File?
  /// Whether the identity is damaged, which nobody else has a copy of.
  package var isOfIdentity = false
  /// Whether the file is whole, and only this program too old for it.
  package var isOfNewerVersion = false

  /// The pieces as they stand.
  public init(_ code: ClientErrorCode, _ sentence: String, remedy: String = "", details: [String] = []) {
    self.code = code
    self.sentence = sentence
    self.remedy = remedy
    self.details = details
  }

  /// Whether what is damaged can be neither mended nor fetched again: the device's key, or what waits to be sent.
  package var isBeyondRepair: Bool {
    code == .damaged && !isOfNewerVersion && (isOfIdentity || damagedFile == .outbox)
  }

  /// Whether it can go away by itself, so that whoever runs for long tries again instead of giving up.
  package var mayHeal: Bool { [.unreachable, .cacheInUse, .diskTrouble].contains(code) }

  /// Equal codes.
  public static func == (left: ClientError, right: ClientError) -> Bool { left.code == right.code }

  /// The sentence, and the remedy behind it.
  public var description: String { remedy.isEmpty ? sentence : sentence + " " + remedy }
}
