// countersignd init: makes a data directory with its keys, a certificate that the server's key vouches for, and an
// empty directory of tenants.
import ArgumentParser
import Foundation
import StorageSQLite
import SyncServer
import TransportWebSocket
import Trust

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "init", abstract: "Makes a data directory.")

  @OptionGroup var dataOption: DataOption
  @Option(help: ArgumentHelp("The server's name in checkpoints; by default this machine's.", valueName: "name"))
  var name: String?

  func run() throws {
    let directory = try dataOption.unchecked()
    try directory.checkFree()
    let name = EnvironmentFlag.value(name, "name") ?? ProcessInfo.processInfo.hostName
    let key = SigningKey.generate()
    guard let identity = ServerIdentity(name: name, signingKey: key) else {
      throw ConfigurationError(
        "--name takes up to 128 bytes without white space, plus signs and slashes; “\(name)” cannot be used.")
    }
    for path in [directory.path, directory.keysPath, directory.tenantsPath] { try DataDirectory.makeFolder(path) }
    try makeCertificate(in: directory, host: name)
    let store = try SQLiteDirectoryStore.open(path: directory.directoryPath)
    try store.set(DataDirectory.Setting.serverName, to: name)
    try store.close()
    // The key comes last: with it the directory is whole.
    try SecretFile.write(Hex.encode(key.seed) + "\n", to: directory.serverKeyPath)
    StandardOutput.write(
      "Made \(directory.path) for the server “\(name)”, key \(identity.signingKey.publicKey.fingerprint.hex).\n")
  }

  private func makeCertificate(in directory: DataDirectory, host: String) throws {
    let isHostName = host.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
    let names: [SelfSignedCertificate.AlternativeName] =
      (isHostName ? [.dns(host)] : []) + [.dns("localhost"), .address("127.0.0.1"), .address("::1")]
    let certificate = try SelfSignedCertificate.make(
      commonName: Self.commonName(of: host), alternativeNames: names, validDays: 3_650,
      unixSeconds: Int64(Date().timeIntervalSince1970))
    try SecretFile.write(certificate.certificatePEM, to: directory.certificatePath)
    try SecretFile.write(certificate.privateKeyPEM, to: directory.certificateKeyPath)
  }

  /// As much of the name as a certificate has room for.
  private static func commonName(of host: String) -> String {
    var name = host.unicodeScalars
    while String(name).utf8.count > SelfSignedCertificate.commonNameByteLimit { name.removeLast() }
    return String(name)
  }
}
