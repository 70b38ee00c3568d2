// Gives each test a folder of its own and removes it when the test is over, however it ended.
import Foundation
import Testing

/// A trait of suites: `@Suite(.serverScratchFolder)`.
struct ServerScratchFolder: SuiteTrait, TestTrait, TestScoping {
  @TaskLocal private static var path = ""

  var isRecursive: Bool { true }

  /// The path of a file in the running test's folder.
  static func file(_ name: String) -> String { "\(path)/\(name)" }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("storage-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    do {
      try await Self.$path.withValue(folder) { try await function() }
    } catch {
      try FileManager.default.removeItem(atPath: folder)
      throw error
    }
    try FileManager.default.removeItem(atPath: folder)
  }
}

extension Trait where Self == ServerScratchFolder {
  static var serverScratchFolder: ServerScratchFolder { ServerScratchFolder() }
}
