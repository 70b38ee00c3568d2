// What happened when, in a file, and what went wrong: the log is for understanding a failure, the findings are the verdict.
import Foundation
import ProcessHarness
import Synchronization

package final class TortureLog: Sendable {
  private struct State {
    var findings: [String] = []
    var counts: [String: Int] = [:]
  }

  package let path: String
  private let start = ContinuousClock.now
  private let file: Mutex<FileHandle>
  private let state = Mutex(State())
  private let isLoud: Bool

  package init(path: String, isLoud: Bool) throws {
    self.path = path
    self.isLoud = isLoud
    guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path) else {
      throw HarnessError("cannot write \(path)")
    }
    file = Mutex(handle)
  }

  package func note(_ sentence: String) {
    let line = "\(start.duration(to: .now).components.seconds) s  \(sentence)\n"
    if isLoud { print(line, terminator: "") }
    // A log that cannot be written must not end the play.
    file.withLock { try? $0.write(contentsOf: Data(line.utf8)) }
  }

  /// Counts what was done, so that nobody takes a play in which nothing happened for a good one.
  package func count(_ what: String) { state.withLock { $0.counts[what, default: 0] += 1 } }

  package func find(_ finding: String) {
    note("FINDING: \(finding)")
    state.withLock { $0.findings.append(finding) }
  }

  package var findings: [String] { state.withLock { $0.findings } }
  package var counts: [String: Int] { state.withLock { $0.counts } }
}
