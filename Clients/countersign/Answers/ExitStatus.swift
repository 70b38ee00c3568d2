// What the program's exit tells a script. docs/COMMANDS.md has the same table.
import ClientCore

/// Exit codes.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case failure = 1
  case cancelled = 3
  /// Not enrolled, or refused by the server.
  case refused = 4
  case blocked = 5
  case revisionMoved = 6
  case notConfirmed = 7
  case rejected = 8
  case notFound = 9
  case noCache = 10
  case cacheInUse = 11
  case wrongPassphrase = 12
  case usage = 64
  case tryAgain = 75
  case interrupted = 130

  init(_ code: ClientErrorCode) {
    self =
      switch code {
      case .notEnrolled, .refusedByServer: .refused
      case .revisionMoved: .revisionMoved
      case .notConfirmed: .notConfirmed
      case .rejected, .notPermitted: .rejected
      case .notFound, .ambiguous: .notFound
      case .noCache: .noCache
      case .cacheInUse: .cacheInUse
      case .wrongPassphrase: .wrongPassphrase
      case .badInput: .usage
      case .unreachable: .tryAgain
      case .cancelled: .cancelled
      case .damaged, .diskTrouble: .failure
      }
  }

  /// The gravest first.
  private static let gravity: [ExitStatus] = [.refused, .blocked, .rejected, .revisionMoved, .notFound, .notConfirmed, .done]

  /// One code for several targets. What has no place among decisions (a failure) is graver than all of them.
  static func gravest(_ codes: some Sequence<Int32>) -> Int32 {
    func rank(_ code: Int32) -> Int { gravity.firstIndex { $0.rawValue == code } ?? -1 }
    return codes.min { rank($0) < rank($1) } ?? ExitStatus.done.rawValue
  }
}

/// Why a command ended otherwise than done. With an empty message everything has been said already.
struct CommandFailure: Error {
  var exit: Int32
  var code: String
  var message: String
  var remedy: String
  var details: [String]

  init(_ status: ExitStatus, _ code: String, _ message: String, remedy: String = "", details: [String] = []) {
    self.exit = status.rawValue
    self.code = code
    self.message = message
    self.remedy = remedy
    self.details = details
  }

  init(_ error: ClientError) {
    self.init(
      ExitStatus(error.code), snakeCase(error.code.rawValue), error.sentence, remedy: error.remedy, details: error.details)
  }

  /// A file or folder that a person named.
  init(_ failure: PrivateFiles.Failure) {
    self.init(.failure, "file", failure.description, remedy: "Check the path and its permissions.")
  }

  /// Ends with a code after everything was said.
  static func silent(_ exit: Int32) -> CommandFailure {
    var failure = CommandFailure(.failure, "", "")
    failure.exit = exit
    return failure
  }
}

extension CommandFailure: Encodable {
  private struct Body: Encodable {
    var code: String
    var message: String
    var remedy: String
    var details: [String]
  }

  private enum Keys: String, CodingKey { case error }

  /// `{"error":{"code","message","remedy","details"}}`.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(Body(code: code, message: message, remedy: remedy, details: details), forKey: .error)
  }
}

/// `revisionMoved` is `revision_moved`.
func snakeCase(_ name: String) -> String {
  name.reduce(into: "") { result, character in
    if character.isUppercase { result += "_" }
    result += character.lowercased()
  }
}
