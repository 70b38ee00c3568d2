// Looks at certificate and key before the data directory is touched. Without that a service manager would start again and
// again what can never serve, and each time it would look like a run that had not ended in order.
import Foundation
import Logging
import TransportWebSocket

struct CertificateCheck {
  private let tls: WebSocketServerConfiguration.TLS

  init(_ tls: WebSocketServerConfiguration.TLS) { self.tls = tls }

  private var certificate: String { "The certificate \(tls.certificatePath) (--tls-cert)" }
  private var key: String { "The key \(tls.privateKeyPath) (--tls-key)" }

  /// - Throws: `ConfigurationError` naming the flag.
  func run() async throws {
    try checkFiles()
    try await tryOut()
  }

  /// What shows without serving.
  func checkFiles() throws {
    _ = try Self.text(of: tls.certificatePath, certificate)
    do {
      _ = try CertificateFile.digest(ofFile: tls.certificatePath)
    } catch {
      throw ConfigurationError("\(certificate) is none in PEM; give one that is.")
    }
    let text = try Self.text(of: tls.privateKeyPath, key)
    guard text.contains("-----BEGIN "), text.contains("PRIVATE KEY-----") else {
      throw ConfigurationError("\(key) is none in PEM; give one that is.")
    }
    // Asked for a passphrase on a terminal, the library would wait for somebody who is not there.
    guard !text.contains("ENCRYPTED") else {
      throw ConfigurationError("\(key) is sealed by a passphrase, which nobody is there to give; give one that is not.")
    }
  }

  private static func text(of path: String, _ what: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConfigurationError("\(what) cannot be read; check that it is there and who owns it.")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Whether the two fit each other is what the library makes of them: it listens with them for a moment, on loopback and at
  /// a port that the system chooses, where nothing else is in the way.
  private func tryOut() async throws {
    let silent = Logger(label: "countersignd") { _ in SwiftLogNoOpLogHandler() }
    let trial = WebSocketServer(
      configuration: WebSocketServerConfiguration(host: "127.0.0.1", port: 0, tls: tls), logger: silent, onConnection: { _ in })
    do {
      _ = try await trial.start()
    } catch let error as WebSocketError where error.code == .cannotListen {
      throw ConfigurationError(
        "\(key) is not that of the certificate \(tls.certificatePath) (--tls-cert), or one of the two is damaged; "
          + "give two that belong together.")
    }
    await trial.stop(gracePeriodSeconds: 0)
  }
}
