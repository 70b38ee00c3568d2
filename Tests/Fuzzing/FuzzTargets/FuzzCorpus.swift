// The inputs that are kept: what the golden vectors give, and what fuzzing has found worth keeping, one line of
// hexadecimal digits for each in Fixtures/fuzz. Fixtures/fuzz/README.md says how a line comes to stand there.
import Foundation
import Trust

/// The kept inputs of one target.
package struct FuzzCorpus: Sendable {
  /// What one file may hold: it is read in every test run.
  package static let inputsLimit = 60
  package static let inputByteLimit = 512

  package let target: String

  package init(target: String) { self.target = target }

  /// The root of the checkout that this was compiled from.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  package var url: URL { Self.root.appendingPathComponent("Fixtures/fuzz/\(target).hex") }

  /// Every kept input; none where the target has no file yet. Lines that begin with `#` tell what follows.
  package func inputs() throws -> [[UInt8]] {
    guard let data = FileManager.default.contents(atPath: url.path) else { return [] }
    return try String(decoding: data, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      guard let bytes = Hex.decode(line) else { throw BrokenPromise("\(target).hex has a line that is not hexadecimal") }
      return bytes
    }
  }

  /// Writes the inputs under the remarks that stand there already, the shortest first; of too many
  /// as many as may be kept, of every length.
  package func keep(_ inputs: [[UInt8]]) throws {
    let known = FileManager.default.contents(atPath: url.path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // A remark and the finds below it stay as they are, up to the first empty line.
    let remarks = known.hasPrefix("#") ? known.components(separatedBy: "\n\n")[0] + "\n\n" : ""
    let finds = Set(remarks.split(separator: "\n").map(String.init))
    let lines = Set(inputs.filter { !$0.isEmpty && $0.count <= Self.inputByteLimit }.map { Hex.encode($0) }).subtracting(finds)
    let sorted = lines.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    let count = min(sorted.count, Self.inputsLimit)
    let chosen = (0..<count).map { sorted[$0 * sorted.count / count] }
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data((remarks + chosen.map { $0 + "\n" }.joined()).utf8).write(to: url)
  }
}
