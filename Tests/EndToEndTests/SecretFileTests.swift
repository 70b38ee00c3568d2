// How the server's program writes what cannot be made again.
import Foundation
import ProcessHarness
import Testing

@testable import countersignd

@Suite struct SecretFileTests {
  private let scratch: Scratch
  private let path: String

  init() throws {
    scratch = try Scratch()
    path = scratch.path + "/secret"
  }

  private func read() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func `a secret is its owner's alone, replaced whole, and nothing lies beside it`() throws {
    // What a write that was interrupted has left.
    try Data("half".utf8).write(to: URL(fileURLWithPath: path + ".new"))
    for text in ["first, and longer\n", "second\n"] {
      try SecretFile.write(text, to: path)
      #expect(try read() == text)
    }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["secret"])
  }

  @Test func `a secret that cannot be written is a failure that says why, and leaves what was there`() throws {
    #expect(throws: CommandFailure.self) { try SecretFile.write("x", to: scratch.path + "/nowhere/secret") }
    let folder = try scratch.folder("secret")
    try Data().write(to: URL(fileURLWithPath: folder + "/inside"))
    #expect(throws: CommandFailure.self) { try SecretFile.write("x", to: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["secret"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["inside"])
  }
}
