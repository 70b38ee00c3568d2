// Reads the working tree that these tests were compiled from: which files are the project's own, and their text.
import Foundation

/// The project's own files, by their paths relative to the root.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A text longer than this is data (a database, recorded bytes), which no rule reads.
  static let textLimitBytes = 1 << 20

  /// What .gitignore keeps out, and version control itself.
  private static func isForeign(_ name: String) -> Bool {
    [".git", ".build", ".coverage", ".simulate", "Package.resolved"].contains(name) || name.hasPrefix(".build-")
  }

  /// Every file of the project, sorted.
  static let files: [String] = {
    var found: [String] = []
    var folders = [""]
    while let folder = folders.popLast() {
      let url = folder.isEmpty ? root : root.appendingPathComponent(folder)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
      for name in names where !isForeign(name) {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path, isDirectory: &isDirectory) else {
          continue
        }
        if isDirectory.boolValue { folders.append(path) } else { found.append(path) }
      }
    }
    return found.sorted()
  }()

  /// The text of a file, or nothing when it is binary or longer than the limit.
  static func text(of path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path),
      data.count <= textLimitBytes, !data.contains(0)
    else { return nil }
    return String(data: data, encoding: .utf8)
  }

  /// Every Swift file that a person wrote, the manifest aside.
  static let sources: [SourceText] = files.compactMap { path in
    guard path.hasSuffix(".swift"), path != "Package.swift", !isGenerated(path), let text = text(of: path) else { return nil }
    return SourceText(path: path, text: text)
  }

  static func isGenerated(_ path: String) -> Bool { path.split(separator: "/").contains("Generated") }

  /// The manifest, read as text, so that targets whose folder does not exist yet are known too.
  static let manifest = Manifest(text: text(of: "Package.swift") ?? "")
}
