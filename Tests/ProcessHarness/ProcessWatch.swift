// What the system says about a running process: its memory and its open files.
import Foundation

package enum ProcessWatch {
  /// The memory that a process really occupies, in bytes.
  package static func residentBytes(of process: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { throw HarnessError("no memory figures of \(process): \(text)") }
    return pages * Int(getpagesize())
  }

  /// How many files and connections a process has open.
  package static func openFiles(of process: Int32) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
  }

  /// Waits until the condition holds; throws a sentence after the limit.
  package static func wait(
    limitSeconds: Int = 120, for what: String, until condition: () async throws -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(limitSeconds)
    while try await !condition() {
      guard ContinuousClock.now < deadline else { throw HarnessError("\(what): not within \(limitSeconds) s") }
      try await Pause.briefly()
    }
  }
}
