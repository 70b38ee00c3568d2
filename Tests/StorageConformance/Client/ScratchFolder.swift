// A folder that a test has for itself and that is gone after it.
import Foundation

final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  deinit {
    do { try FileManager.default.removeItem(at: url) } catch { print("a scratch folder stayed behind: \(url.path)") }
  }
}
