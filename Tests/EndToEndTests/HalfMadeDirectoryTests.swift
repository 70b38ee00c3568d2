// A data directory of which a part is missing: an init that was interrupted, and a key or a database that was lost.
import Foundation
import Glibc
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(1))) struct HalfMadeDirectoryTests {
  private let scratch: Scratch
  private let data: String

  init() async throws {
    scratch = try Scratch()
    data = try await Practice.newServer(in: scratch)
  }

  private func run(_ arguments: [String]) async throws -> Finished {
    try await Program.countersignd.run(arguments + ["--data", data], scratch: scratch)
  }

  private func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: data + "/" + name) }

  @Test func `an init that was interrupted is told so, and repeated`() async throws {
    try remove("keys/server-key")
    let served = try await run(["serve", "--listen", "127.0.0.1:0"])
    #expect(served.exitCode == 78 && served.errors.contains("countersignd init did not come to its end"), "\(served.errors)")
    #expect(!served.errors.contains("is no data directory"))
    let again = try await run(["init"])
    #expect(again.exitCode == 0 && again.output.hasPrefix("Made "), "\(again.errors)")
    #expect(try await run(["tenant", "create", "North"]).exitCode == 0)
    let whole = try await run(["init"])
    #expect(whole.exitCode == 78 && whole.errors.contains("is a data directory already"), "\(whole.errors)")
  }

  @Test func `a key that tenants need is not made anew`() async throws {
    #expect(try await run(["tenant", "create", "North"]).exitCode == 0)
    try remove("keys/server-key")
    for command in [["init"], ["doctor"], ["tenant", "list"]] {
      let finished = try await run(command)
      #expect(finished.exitCode == 78, "\(command): \(finished.errors)")
      #expect(finished.errors.contains("put back the copy of keys/"), "\(command): \(finished.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: data + "/keys/server-key"))
  }

  @Test func `a directory without its database is not said to be none`() async throws {
    try remove("server.sqlite")
    let finished = try await run(["tenant", "list"])
    #expect(finished.exitCode == 78 && finished.errors.contains("server.sqlite is missing"), "\(finished.errors)")
    #expect(try await run(["init"]).exitCode == 78)
    #expect(!FileManager.default.fileExists(atPath: data + "/server.sqlite"))
  }

  /// Root may enter everything.
  @Test(.enabled(if: getuid() != 0)) func `a directory of somebody else is not said to be none`() async throws {
    #expect(chmod(data, 0) == 0)
    // So that it can be removed.
    defer { _ = chmod(data, 0o700) }
    let finished = try await run(["tenant", "list"])
    #expect(finished.exitCode == 78 && finished.errors.contains("may not be entered"), "\(finished.errors)")
  }

  @Test(arguments: [String(repeating: "a", count: 63) + "ä", String(repeating: "ü", count: 64)])
  func `a name that a certificate has no room for is cut between its characters`(name: String) async throws {
    let finished = try await Program.countersignd.run(
      ["init", "--data", scratch.path + "/named", "--name", name], scratch: scratch)
    #expect(finished.exitCode == 0 && finished.output.contains("“\(name)”"), "\(finished.errors)")
  }
}
