// The server's directory and a person's home are their owners' alone, one server works in a directory, and neither log nor
// metrics say what is in it.
import Foundation
import OutboundHTTP
import ProcessHarness
import Testing

@Suite(.serialized) struct DataDirectoryTests {
  private func mode(_ path: String) throws -> mode_t {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let permissions = try #require(attributes[.posixPermissions] as? NSNumber)
    return mode_t(permissions.uint32Value & 0o777)
  }

  private func words(_ text: String) -> String { text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }

  @Test func `nobody else may read or write anything, at the server or at home`() async throws {
    let practice = try await Practice()
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    for root in [practice.data, rosa.home + "/default"] {
      #expect(try mode(root) == 0o700)
      let names = try FileManager.default.subpathsOfDirectory(atPath: root)
      #expect(names.contains { $0.hasSuffix(".sqlite") })
      for name in names { #expect(try mode(root + "/" + name) & 0o077 == 0, "\(name)") }
    }
  }

  @Test func `what others may read keeps the server from starting, and doctor says how to mend it`() async throws {
    let scratch = try Scratch()
    let data = try await Practice.newServer(in: scratch)
    for path in [data, data + "/keys", data + "/keys/server-key", data + "/server.sqlite"] {
      let before = try mode(path)
      #expect(chmod(path, before | 0o040) == 0)
      let refused = try await Program.countersignd.run(["serve", "--data", data, "--listen", "127.0.0.1:0"], scratch: scratch)
      #expect(refused.exitCode == 78 && words(refused.errors).contains("\(path) may be read by others"), "\(refused.errors)")
      let looked = try await Program.countersignd.run(["doctor", "--data", data], scratch: scratch)
      #expect(looked.exitCode == 1 && looked.output.contains("BAD  \(path) may be read by others"), "\(looked.output)")
      #expect(looked.output.contains("fix: chmod go-rwx \(path)"), "\(looked.output)")
      #expect(chmod(path, before) == 0)
    }
    let sound = try await Program.countersignd.run(["doctor", "--data", data], scratch: scratch)
    #expect(sound.exitCode == 0 && sound.output.contains("files are the owner's alone"), "\(sound.output)")
  }

  @Test func `a second server in the same directory refuses to start, and the first goes on`() async throws {
    let practice = try await Practice()
    let rosa = try await practice.enrol("Rosa", role: "reviewer")
    let second = try await Program.countersignd.run(
      ["serve", "--data", practice.data, "--listen", "127.0.0.1:0"], scratch: practice.scratch)
    #expect(second.exitCode == 78 && words(second.errors).contains("Another server uses \(practice.data)"), "\(second.errors)")
    #expect(try await rosa.json(["sync"])["digest"]?.string == "match")
    let stopped = try await practice.stopServer()
    #expect(stopped.exitCode == 0 && !stopped.wasKilled, "\(stopped.errors)")
  }

  @Test func `neither log nor metrics hold what people say, or what lets anybody in`() async throws {
    let practice = try await Practice(isPlainText: true, serveArguments: ["--log-level", "trace"])
    let edda = try await practice.enrol("Edda", role: "editor")
    let ruth = try practice.laptop("Ruth")
    let code = try await practice.invite("Ruth Zinnoberrot", role: "reviewer")
    #expect(try await ruth.run(["enrol", code]).exitCode == 0)
    _ = try await edda.json(["import", try Batch.write(posts: 2, in: practice.scratch), "--submit", "--wait"])
    let post = try #require(try await edda.json(["queue", "--all"]).array.first?["post"]?.string)
    #expect(try await edda.run(["revise", post, "--text", "Zinnoberrot takes it.", "--wait"]).exitCode == 0)
    #expect(try await ruth.run(["sync"]).exitCode == 0)
    #expect(try await ruth.run(["comment", post, "Is Zinnoberrot asked?", "--wait"]).exitCode == 0)
    let queue = try await ruth.json(["queue"]).array
    let reference = try #require(queue.first { $0["post"]?.string == post }?.reference)
    #expect(try await ruth.run(["reject", reference, "--reason", "Not Zinnoberrot.", "--wait"]).exitCode == 0)

    let url = "http" + practice.url.dropFirst(2) + "/metrics"
    let metrics = String(decoding: try await HTTPClient().send(HTTPClientRequest(url: url)).body, as: UTF8.self)
    let log = try await practice.stopServer().errors
    #expect(metrics.contains("countersign_") && log.contains("listening"), "\(log.prefix(400))")
    let key = try String(contentsOfFile: practice.data + "/keys/server-key", encoding: .utf8)
    for secret in ["Zinnoberrot", code, String(code.dropFirst(4)), key.trimmingCharacters(in: .whitespacesAndNewlines)] {
      #expect(!secret.isEmpty && !metrics.contains(secret) && !log.contains(secret))
    }
  }
}
