// A reader of outside bytes with what is promised of it: the coverage-guided fuzzer and the replay of the kept corpus run
// the very same function. A refusal is an answer; a trap or a broken promise is a find.

/// One reader under test.
package struct FuzzTarget: Sendable {
  package let name: String
  /// The longest input that is worth the fuzzer's time; what lies beyond the protocol's limits the limits' own tests try.
  package let inputByteLimit: Int
  private let read: @Sendable ([UInt8]) throws -> Bool

  /// - Parameter read: answers whether the bytes were accepted; throws `BrokenPromise` and nothing else.
  package init(_ name: String, inputByteLimit: Int = 4_096, read: @escaping @Sendable ([UInt8]) throws -> Bool) {
    self.name = name
    self.inputByteLimit = inputByteLimit
    self.read = read
  }

  /// Reads the bytes and answers whether they were accepted; longer input than the target takes is refused unread.
  package func accepts(_ bytes: [UInt8]) throws -> Bool {
    guard bytes.count <= inputByteLimit else { return false }
    return try read(bytes)
  }

  /// Every target of the libraries. The texts of the programs' command lines are tried beside them, in the replay.
  package static let all: [FuzzTarget] =
    FrameTargets.all + CanonicalTargets.all + ProofTargets.all + ImportTargets.all + TextTargets.all + [MergeTarget.merge]

  package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// What a reader promises and did not keep.
package struct BrokenPromise: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  package static func unless(_ isKept: Bool, _ promise: @autoclosure () -> String) throws {
    if !isKept { throw BrokenPromise(promise()) }
  }
}

/// The first byte of an input chooses among several readers, so that one target serves a family.
struct Choice {
  let number: Int
  let rest: [UInt8]

  init?(_ bytes: [UInt8], of count: Int) {
    guard let first = bytes.first, Int(first) < count else { return nil }
    number = Int(first)
    rest = Array(bytes.dropFirst())
  }
}
