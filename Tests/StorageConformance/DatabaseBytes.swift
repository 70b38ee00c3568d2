// What the files of a database hold, read past every store: for words that must not be there any more.
import Foundation

enum DatabaseBytes {
  /// Whether the text stands in the file, or in the log beside it.
  static func contain(_ text: String, path: String) throws -> Bool {
    for file in [path, path + "-wal"] where FileManager.default.fileExists(atPath: file) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      if bytes.range(of: Data(text.utf8)) != nil { return true }
    }
    return false
  }
}
