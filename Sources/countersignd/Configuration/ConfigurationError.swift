// What is missing or wrong on the command line or in the configuration (exit 78), whatever the data are, and what does not go
// with the data, or went wrong otherwise (exit 1): one clear line.
import SyncServer

struct ConfigurationError: Error {
  static let exitCode: Int32 = 78

  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }

  /// A name that nothing can have is a wrong command line; one that is taken is not.
  static func check(name: String) throws {
    do {
      try TenantAdministration.check(name)
    } catch {
      throw ConfigurationError(error.sentence)
    }
  }
}

struct CommandFailure: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}
