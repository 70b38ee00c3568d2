// What is missing or wrong before anything is opened (exit 78, as for a wrong command line), and what went wrong afterwards
// (exit 1): one clear line.

struct ConfigurationError: Error {
  static let exitCode: Int32 = 78

  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

struct CommandFailure: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}
