// Large published vector sets lie beside the repository, not in it. Tests read them where they are and say when they
// are not.
import Foundation
import Testing

enum PublishedVectors {
  /// `shared/vectors` beside the repository (or one folder further up, for a worktree); nil when it is not there.
  static let folder: URL? = {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return ["../shared/vectors", "../../shared/vectors"]
      .map { root.appendingPathComponent($0).standardizedFileURL }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  /// The file, or nil after saying that the test skips.
  static func data(_ path: String) throws -> Data? {
    guard let file = folder?.appendingPathComponent(path), FileManager.default.fileExists(atPath: file.path) else {
      print("skipped: ../shared/vectors/\(path) is not there")
      return nil
    }
    return try Data(contentsOf: file)
  }

  /// Every JSON file below the folder; empty after saying that the test skips.
  static func files(below path: String) throws -> [URL] {
    guard let start = folder?.appendingPathComponent(path), FileManager.default.fileExists(atPath: start.path) else {
      print("skipped: ../shared/vectors/\(path) is not there")
      return []
    }
    return try FileManager.default.subpathsOfDirectory(atPath: start.path)
      .filter { $0.hasSuffix(".json") }.sorted()
      .map { start.appendingPathComponent($0) }
  }
}
