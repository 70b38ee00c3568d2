// What a play is made of. The seed decides who does what and which fault strikes where; the machine's own timing stays free.
import Foundation
import ProcessHarness

package struct TorturePlan: Sendable {
  package var seed: UInt64
  /// How long faults and work last; the checks come after that.
  package var seconds: Int
  /// How many turns each home takes at the least, so that a slow machine plays as much as is needed to mean something.
  package var leastTurns = 0
  package var posts = 40
  package var editors = 2
  package var reviewers = 2
  /// Without TLS, so that flipped bits reach our own readers.
  package var isPlainText = false
  /// Small disks for the server's data and for one home, where mounting is permitted.
  package var hasSmallDisks = true
  /// The library that shifts a process's clock; nil plays without.
  package var clockLibrary: String?
  package var isLoud = false

  package init(seed: UInt64, seconds: Int) {
    self.seed = seed
    self.seconds = seconds
  }

  /// Where Debian's package `faketime` puts its library; nil where it is not installed.
  package static var installedClockLibrary: String? {
    ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketimeMT.so.1" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The clock library leaves memory behind for each process that was killed; what no living process owns is removed.
  static func removeClockTraces() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/dev/shm") where name.contains("faketime_") {
      guard let process = name.split(separator: "_").last, Int32(process) != nil else { continue }
      if !FileManager.default.fileExists(atPath: "/proc/\(process)") { unlink("/dev/shm/" + name) }
    }
  }

  /// The variables that give a process a clock which is so many days off; none without the library.
  func clock(offByDays days: Int) -> [String: String] {
    guard let clockLibrary else { return [:] }
    return [
      "LD_PRELOAD": clockLibrary, "FAKETIME": days < 0 ? "\(days)d" : "+\(days)d", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
      "FAKETIME_NO_CACHE": "1",
    ]
  }
}
