// A folder for one test, gone when the test is over.
import Foundation
import Synchronization

package final class Scratch: Sendable {
  package let path: String
  private let count = Atomic<Int>(0)
  private let isKept = Atomic<Bool>(false)

  package init() throws {
    var template = Array((NSTemporaryDirectory() + "/countersign-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessError("cannot make a temporary folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if !isKept.load(ordering: .relaxed) {
      _ = try? FileManager.default.removeItem(atPath: path)  // a folder that is gone already is no failure
    }
  }

  /// Leaves the folder where it is, for somebody to look into.
  package func keep() { isKept.store(true, ordering: .relaxed) }

  /// The path of a new, empty file.
  package func newFile() throws -> String {
    let file = path + "/file-\(count.add(1, ordering: .relaxed).newValue)"
    guard FileManager.default.createFile(atPath: file, contents: nil) else { throw HarnessError("cannot write \(file)") }
    return file
  }

  /// The path of a new folder.
  package func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    return path + "/" + name
  }
}
