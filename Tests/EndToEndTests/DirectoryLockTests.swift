// The lock of a data directory: one server at a time, and lookers that are in nobody's way.
import Foundation
import ProcessHarness
import Testing

@testable import countersignd

@Suite(.timeLimit(.minutes(1))) struct DirectoryLockTests {
  private let scratch: Scratch
  private let path: String

  init() throws {
    scratch = try Scratch()
    path = scratch.path + "/lock"
  }

  @Test func `a look tells who holds it, and leaves no file`() throws {
    #expect(try !DirectoryLock.isHeld(path))
    #expect(!FileManager.default.fileExists(atPath: path))
    do {
      let lock = try #require(try DirectoryLock.take(path))
      #expect(try DirectoryLock.isHeld(path))
      #expect(try DirectoryLock.take(path) == nil)
      withExtendedLifetime(lock) {}
    }
    #expect(try !DirectoryLock.isHeld(path))
  }

  @Test func `a start waits for who has it for a moment, and not for who keeps it`() async throws {
    var holder = try DirectoryLock.take(path)
    var pauses = 0
    let second = try await DirectoryLock.take(path, attempts: 3) { pauses += 1 }
    #expect(second == nil && pauses == 2 && holder != nil)
    let third = try await DirectoryLock.take(path, attempts: 3) { holder = nil }
    #expect(third != nil && holder == nil)
  }

  @Test func `doctor leaves no lock behind that another user could not open`() async throws {
    let data = try await Practice.newServer(in: scratch)
    let looked = try await Program.countersignd.run(["doctor", "--data", data], scratch: scratch)
    #expect(looked.exitCode == 0 && looked.output.contains("no server runs"), "\(looked.output)")
    #expect(!FileManager.default.fileExists(atPath: data + "/lock"))
  }
}
