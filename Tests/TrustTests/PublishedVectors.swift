// Large published vector sets lie beside the repository, not in it. Tests read them where they are; where they are not, the
// tests count as skipped and not as passed.
import Foundation
import Testing

enum PublishedVectors {
  /// `shared/vectors` beside the repository (or one folder further up, for a worktree); nil when it is not there.
  private static let folder: URL? = {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return ["../shared/vectors", "../../shared/vectors"]
      .map { root.appendingPathComponent($0).standardizedFileURL }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  static func isThere(_ path: String) -> Bool {
    guard let folder else { return false }
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  static func data(_ path: String) throws -> Data {
    let base = try #require(folder)
    return try Data(contentsOf: base.appendingPathComponent(path))
  }

  /// Every JSON file below the folder, at least one.
  static func files(below path: String) throws -> [URL] {
    let start = try #require(folder).appendingPathComponent(path)
    let files = try FileManager.default.subpathsOfDirectory(atPath: start.path).filter { $0.hasSuffix(".json") }.sorted()
    try #require(!files.isEmpty)
    return files.map { start.appendingPathComponent($0) }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test, and says so, where the published set is not there.
  static func published(_ path: String) -> ConditionTrait {
    .enabled(if: PublishedVectors.isThere(path), "../shared/vectors/\(path) is not there")
  }
}
