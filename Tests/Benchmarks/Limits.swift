// What this machine can do at best: the figures that ours are held against.
import Foundation
import ProcessHarness
import Trust

enum Limits {
  static let spawn = "process: /bin/true"
  static let sync = "disk: append 4 KiB and fdatasync"
  static let sign = "Ed25519: sign 200 bytes"

  static func measure(into table: inout Table) throws {
    table.add(
      spawn,
      try (0..<30).map { _ in
        try MeasuredProcess.milliseconds(path: "/bin/true", arguments: [], environment: [:])
      }, unit: "ms")
    table.add(sync, try appends(), unit: "ms")
    let key = SigningKey.generate()
    let message = RandomBytes.make(count: 200)
    table.add(
      sign,
      (0..<20).map { _ in
        milliseconds { for _ in 0..<200 { _ = key.sign(message) } } / 200
      }, unit: "ms")
  }

  private static func appends() throws -> [Double] {
    let scratch = try Scratch()
    let descriptor = open(try scratch.newFile(), O_WRONLY)
    guard descriptor >= 0 else { throw HarnessError("cannot open a file to measure the disk with") }
    defer { close(descriptor) }
    let block = [UInt8](repeating: 7, count: 4_096)
    return (0..<50).map { _ in
      milliseconds {
        _ = write(descriptor, block, block.count)
        fdatasync(descriptor)
      }
    }
  }

  static func milliseconds(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    let elapsed = ContinuousClock.now - start
    return Double(elapsed.components.attoseconds) / 1e15 + Double(elapsed.components.seconds) * 1_000
  }
}
