// The server at rest: one directory, no configuration file. Directories are 0700, files 0600.
import Foundation
import Glibc
import ReviewModel
import Storage
import StorageSQLite
import SyncServer
import TransportWebSocket
import Trust

struct DataDirectory: Sendable {
  let path: String

  var keysPath: String { path + "/keys" }
  var serverKeyPath: String { keysPath + "/server-key" }
  var certificatePath: String { keysPath + "/tls-certificate.pem" }
  var certificateKeyPath: String { keysPath + "/tls-key.pem" }
  /// The certificate that `init` has made.
  var ownTLS: WebSocketServerConfiguration.TLS {
    WebSocketServerConfiguration.TLS(certificatePath: certificatePath, privateKeyPath: certificateKeyPath)
  }
  var directoryPath: String { path + "/server.sqlite" }
  var tenantsPath: String { path + "/tenants" }
  var lockPath: String { path + "/lock" }

  func tenantPath(_ id: TenantID) -> String { "\(tenantsPath)/\(id.hex).sqlite" }

  /// The names of settings in the directory.
  enum Setting {
    static let serverName = "server_name"
    static let lastListen = "last_listen"
    static let lastURL = "last_url"
    static let running = "running"
  }

  /// What to do where files are not what they were. An older copy in their place would take the evidence away, and
  /// acknowledged changes with it.
  static let advice = "leave the directory as it is, and report this as docs/SECURITY.md says; restore nothing before"
  /// Keys never change, so a copy of them is as good.
  static let keyAdvice = "put back the copy of keys/ that you keep apart; without one \(advice)"

  // MARK: Checks

  var hasStore: Bool { FileManager.default.fileExists(atPath: directoryPath) }
  var hasKey: Bool { FileManager.default.fileExists(atPath: serverKeyPath) }

  func checkPresent() throws {
    switch (hasStore, hasKey) {
    case (true, true): return
    case (false, false):
      // Whoever may not enter it sees nothing in it.
      guard access(path, X_OK) == 0 || errno != EACCES else {
        throw ConfigurationError("\(path) may not be entered; run this as the user that it belongs to, by sudo -u.")
      }
      throw ConfigurationError("\(path) is no data directory; make one with countersignd init --data \(path).")
    case (false, true): throw ConfigurationError("\(directoryPath) is missing; \(Self.advice).")
    case (true, false):
      throw ConfigurationError(
        "\(serverKeyPath) is missing. If countersignd init did not come to its end, run it again; if this server has served, "
          + "\(Self.keyAdvice).")
    }
  }

  /// Whether a new server may be made here: where nothing is, or where an `init` did not come to its end.
  func checkFree() throws {
    guard !hasKey else { throw ConfigurationError("\(path) is a data directory already; it was left as it is.") }
    guard hasStore else { return }
    guard try !DirectoryLock.isHeld(lockPath) else { throw ConfigurationError("A server uses \(path); stop it first.") }
    let directory = try openDirectory()
    let hasTenants = try !directory.tenants().isEmpty
    try directory.close()
    // A new key would be one that no device of theirs knows.
    guard !hasTenants else {
      throw ConfigurationError("\(serverKeyPath) is missing, and there are tenants; \(Self.keyAdvice).")
    }
  }

  /// What others than the owner may read or write, among what must be the owner's alone.
  func looseFiles() -> [String] {
    let candidates = [path, keysPath, serverKeyPath, certificateKeyPath, directoryPath, tenantsPath]
    return candidates.filter { candidate in
      // What is not there is not loose.
      let attributes = try? FileManager.default.attributesOfItem(atPath: candidate)
      let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
      return mode & 0o077 != 0
    }
  }

  func checkPermissions() throws {
    if let loose = looseFiles().first {
      throw ConfigurationError("\(loose) may be read by others; run chmod -R go-rwx \(path).")
    }
  }

  // MARK: Opening

  func serverKey() throws -> SigningKey {
    // A file that cannot be read has no key in it.
    guard let text = try? String(contentsOfFile: serverKeyPath, encoding: .utf8),
      let seed = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)), let key = SigningKey(seed: seed)
    else { throw ConfigurationError("\(serverKeyPath) holds no key; \(Self.keyAdvice).") }
    return key
  }

  func openDirectory(readOnly: Bool = false) throws -> SQLiteDirectoryStore {
    do {
      return try SQLiteDirectoryStore.open(path: directoryPath, readOnly: readOnly)
    } catch {
      throw CommandFailure(error.sentence)
    }
  }

  func identity(_ directory: any DirectoryStore) throws -> ServerIdentity {
    guard let name = try directory.setting(Setting.serverName),
      let identity = ServerIdentity(name: name, signingKey: try serverKey())
    else { throw ConfigurationError("\(directoryPath) names no server; \(Self.advice).") }
    return identity
  }

  /// The tenant with this id or name.
  func tenant(named text: String, in directory: any DirectoryStore) throws -> TenantRecord {
    try TenantAdministration(identity: try identity(directory), environment: .system, directory: directory).tenant(named: text)
  }

  // MARK: Making

  static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ConfigurationError(
        "\(path) cannot be made: \(error.localizedDescription). Choose another place, or check who owns the one above.")
    }
  }
}

extension ServerEnvironment {
  /// This machine's clock and randomness.
  static let system = ServerEnvironment(
    wallMilliseconds: { UInt64(max(0, Date().timeIntervalSince1970 * 1_000)) },
    uptimeMilliseconds: { DispatchTime.now().uptimeNanoseconds / 1_000_000 },
    randomBytes: { RandomBytes.make(count: $0) })
}
