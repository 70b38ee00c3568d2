// Certificates and keys that cannot be served: told before anything is opened, and no mark of a run that never was.
import Foundation
import ProcessHarness
import Testing
import TransportWebSocket

@Suite(.serialized) struct CertificateCheckTests {
  private let scratch: Scratch
  private let data: String

  init() async throws {
    scratch = try Scratch()
    data = try await Practice.newServer(in: scratch)
  }

  private func file(_ text: String) throws -> String {
    let path = try scratch.newFile()
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private static func made() throws -> SelfSignedCertificate {
    try SelfSignedCertificate.make(
      commonName: "test", alternativeNames: [.address("127.0.0.1")], validDays: 2,
      unixSeconds: Int64(Date().timeIntervalSince1970))
  }

  private func serve(_ certificate: String, _ key: String) async throws -> Finished {
    try await Program.countersignd.run(
      ["serve", "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key], scratch: scratch)
  }

  @Test func `what cannot be served is wrong configuration with the flag named, and leaves no mark`() async throws {
    let (made, other) = (try Self.made(), try Self.made())
    let (certificate, key) = (try file(made.certificatePEM), try file(made.privateKeyPEM))
    let junk = try file("no PEM at all\n")
    let sealed = try file(made.privateKeyPEM.replacingOccurrences(of: "PRIVATE KEY", with: "ENCRYPTED PRIVATE KEY"))
    let absent = scratch.path + "/absent.pem"
    let cases = [
      (absent, key, "(--tls-cert) cannot be read"), (junk, key, "(--tls-cert) is none in PEM"),
      (certificate, absent, "(--tls-key) cannot be read"), (certificate, junk, "(--tls-key) is none in PEM"),
      (certificate, sealed, "(--tls-key) is sealed"),
      (certificate, try file(other.privateKeyPEM), "(--tls-key) is not that of the certificate"),
    ]
    for (certificate, key, words) in cases {
      let finished = try await serve(certificate, key)
      #expect(finished.exitCode == 78 && !finished.wasKilled && finished.errors.contains(words), "\(words): \(finished.errors)")
    }
    // The server's own are looked at in the same way.
    let own = data + "/keys/tls-key.pem"
    try other.privateKeyPEM.write(toFile: own, atomically: false, encoding: .utf8)
    let finished = try await Program.countersignd.run(["serve", "--data", data, "--listen", "127.0.0.1:0"], scratch: scratch)
    #expect(finished.exitCode == 78 && finished.errors.contains(own), "\(finished.errors)")
    #expect(!FileManager.default.fileExists(atPath: data + "/lock"), "nothing was opened")
    let looked = try await Program.countersignd.run(["doctor", "--data", data], scratch: scratch)
    #expect(looked.output.contains("the last run ended in order"), "\(looked.output)")
  }

  @Test func `a pair that fits is served; a port that is taken leaves no mark either`() async throws {
    let made = try Self.made()
    let practice = try await Practice(
      serveArguments: ["--tls-cert", try file(made.certificatePEM), "--tls-key", try file(made.privateKeyPEM)])
    let taken = String(practice.url.split(separator: "/").last ?? "")
    let second = try await Program.countersignd.run(["serve", "--data", data, "--listen", taken], scratch: scratch)
    #expect(second.exitCode == 78 && second.errors.contains("Cannot serve at \(taken)"), "\(second.errors)")
    let looked = try await Program.countersignd.run(["doctor", "--data", data], scratch: scratch)
    #expect(looked.exitCode == 0 && looked.output.contains("the last run ended in order"), "\(looked.output)")
    #expect(try await practice.stopServer().exitCode == 0)
  }
}
