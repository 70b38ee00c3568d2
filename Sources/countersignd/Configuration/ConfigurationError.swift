// What is missing or wrong before anything is opened (exit 78, as for a wrong command line), and what went wrong afterwards
// (exit 1): one clear line.
import Foundation

struct ConfigurationError: Error {
  static let exitCode: Int32 = 78

  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

struct CommandFailure: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

enum StandardError {
  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

enum StandardOutput {
  /// Unbuffered, so that a pipe sees it at once.
  static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  /// One JSON value with sorted names, on one line.
  static func write(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
  }
}
