// Files of the repository that tests read: tables and lists that must agree with the code.
import Foundation

enum RepositoryFile {
  /// Without the lines' ends; none if the file cannot be read, which the tests that use them notice.
  static func lines(_ path: String) -> [Substring] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    // As said above.
    let text = (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    return text.split(separator: "\n")
  }
}
