// Opens and keeps the identity: in memory with its keys, on disk plain or sealed with a passphrase.
import Foundation
import ReviewModel
import Trust

/// An identity with its secrets at hand.
struct OpenIdentity: Sendable {
  var file: IdentityFile
  var secrets: IdentityFile.Secrets
  /// The key from the passphrase, with how it was derived; nil for an identity that is not sealed.
  var seal: Seal?

  struct Seal: Sendable {
    var key: SymmetricKey
    var salt: [UInt8]
    var cost: PassphraseKey.Cost
  }
}

extension OpenIdentity {
  var tenant: TenantID { TenantID(hex: file.tenant) ?? .zero }
  var member: MemberID { MemberID(hex: file.member) ?? .zero }

  func deviceKey() throws(ClientError) -> SigningKey { try Self.key(secrets.deviceSeed) }

  func serverKey() throws(ClientError) -> PublicKey {
    guard let bytes = Hex.decode(file.serverKey), let key = PublicKey(bytes) else { throw .damagedIdentity }
    return key
  }

  static func key(_ seed: String) throws(ClientError) -> SigningKey {
    guard let bytes = Hex.decode(seed), let key = SigningKey(seed: bytes) else { throw .damagedIdentity }
    return key
  }
}

extension ClientError {
  static var damagedIdentity: ClientError {
    var error = ClientError(
      .damaged, "The profile's identity file is damaged.",
      remedy: "Remove the profile, which loses what was not sent, then enrol this device anew.")
    error.isOfIdentity = true
    return error
  }
}

/// The identity file of one profile.
struct IdentityVault: Sendable {
  let files: any ProfileFiles
  let path: String

  func read() throws(ClientError) -> IdentityFile? {
    let bytes = try storing { try files.read(path) }
    guard let bytes else { return nil }
    return try IdentityFile(decoding: bytes)
  }

  func open(_ file: IdentityFile, passphrase: (() throws -> String)?) throws(ClientError) -> OpenIdentity {
    if let secrets = file.secrets { return OpenIdentity(file: file, secrets: secrets, seal: nil) }
    guard let sealed = file.sealed, let salt = Hex.decode(sealed.salt), let box = Hex.decode(sealed.box) else {
      throw .damagedIdentity
    }
    guard let passphrase else {
      throw ClientError(.wrongPassphrase, "The identity is sealed with a passphrase.", remedy: "Give the passphrase.")
    }
    let words = try storing { try passphrase() }
    let cost = PassphraseKey.Cost(opsLimit: sealed.passes, memLimit: sealed.memoryBytes)
    do {
      let key = try PassphraseKey.derive(passphrase: words, salt: salt, cost: cost)
      let secrets = try Self.secrets(box, key: key, of: file)
      return OpenIdentity(file: file, secrets: secrets, seal: OpenIdentity.Seal(key: key, salt: salt, cost: cost))
    } catch {
      throw ClientError(.wrongPassphrase, "The passphrase does not open the identity.", remedy: "Try again.")
    }
  }

  /// The file as another process may have written it since, opened without asking again.
  func reopened(_ file: IdentityFile, with seal: OpenIdentity.Seal?) throws(ClientError) -> OpenIdentity {
    if let secrets = file.secrets { return OpenIdentity(file: file, secrets: secrets, seal: nil) }
    guard let sealed = file.sealed, let salt = Hex.decode(sealed.salt), let box = Hex.decode(sealed.box) else {
      throw .damagedIdentity
    }
    do {
      guard let seal, seal.salt == salt else { throw ClientError(.wrongPassphrase, "") }
      return OpenIdentity(file: file, secrets: try Self.secrets(box, key: seal.key, of: file), seal: seal)
    } catch {
      throw ClientError(
        .wrongPassphrase, "Another process has sealed this device's identity anew.",
        remedy: "Start the command again, with the passphrase.")
    }
  }

  private static func secrets(_ box: [UInt8], key: SymmetricKey, of file: IdentityFile) throws -> IdentityFile.Secrets {
    let plain = try Sealing.open(box, key: key, context: context(file))
    return try JSONDecoder().decode(IdentityFile.Secrets.self, from: Data(plain))
  }

  func seal(passphrase: String, salt: [UInt8]) throws(ClientError) -> OpenIdentity.Seal {
    do {
      let cost = PassphraseKey.Cost.interactive
      return OpenIdentity.Seal(
        key: try PassphraseKey.derive(passphrase: passphrase, salt: salt, cost: cost), salt: salt, cost: cost)
    } catch {
      throw ClientError(.badInput, "The passphrase cannot be used.", remedy: error.sentence)
    }
  }

  /// Replaces the file, durably.
  func write(_ identity: OpenIdentity) throws(ClientError) {
    var file = identity.file
    file.secrets = nil
    file.sealed = nil
    if let seal = identity.seal {
      let plain = try storing { Array(try JSONEncoder().encode(identity.secrets)) }
      file.sealed = IdentityFile.SealedSecrets(
        salt: Hex.encode(seal.salt), passes: seal.cost.opsLimit, memoryBytes: seal.cost.memLimit,
        box: Hex.encode(Sealing.seal(plain, key: seal.key, context: Self.context(file))))
    } else {
      file.secrets = identity.secrets
    }
    let bytes = try file.encoded()
    try storing { try files.write(path, bytes) }
  }

  private static func context(_ file: IdentityFile) -> [UInt8] { Array("countersign identity \(file.tenant)".utf8) }
}
