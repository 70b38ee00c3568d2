// The seeds that are being played: a small file beside the record that is there only while a call runs. After a trap or a
// kill it says where it happened.
import Foundation

package struct RunningSeeds: Sendable {
  package let path: String

  /// - Parameter record: where the record is kept.
  package init(beside record: String) { path = record + ".running" }

  /// Those of a call that did not come to its end; none if it did.
  package func read() throws -> [UInt64] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    return text.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
  }

  package func write(_ seeds: [UInt64]) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let text = seeds.map { String($0) }.joined(separator: " ") + "\n"
    try Data(text.utf8).write(to: url, options: .atomic)
  }

  package func remove() throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
  }
}
