// Who this server is: its name in origins, and its key.
import ReviewModel
import SyncEngine
import Trust

package struct ServerIdentity: Sendable {
  /// The first part of every origin, and the name under which checkpoints are signed.
  package let name: String
  package let signingKey: SigningKey

  /// Nil if the name cannot stand in a signed note.
  package init?(name: String, signingKey: SigningKey) {
    guard NoteSignature.isUsable(name: name), !name.contains("/"), name.utf8.count <= 128 else { return nil }
    self.name = name
    self.signingKey = signingKey
  }

  /// The device that the server signs as.
  package var device: Digest { signingKey.publicKey.fingerprint }

  package func origin(tenant: TenantID, epoch: EpochID) -> String {
    LedgerIdentity.origin(serverName: name, tenant: tenant, epoch: epoch)
  }
}

/// Where the server takes what machines may not: time and randomness. Both are fixed in tests.
package struct ServerEnvironment: Sendable {
  /// Milliseconds since 1970.
  package var wallMilliseconds: @Sendable () -> UInt64
  /// Milliseconds that never go back.
  package var uptimeMilliseconds: @Sendable () -> UInt64
  package var randomBytes: @Sendable (_ count: Int) -> [UInt8]

  package init(
    wallMilliseconds: @escaping @Sendable () -> UInt64, uptimeMilliseconds: @escaping @Sendable () -> UInt64,
    randomBytes: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.wallMilliseconds = wallMilliseconds
    self.uptimeMilliseconds = uptimeMilliseconds
    self.randomBytes = randomBytes
  }

  /// 32 random bytes.
  func randomDigest() -> Digest { Digest(randomBytes(Digest.byteCount)) ?? .zero }

  func randomIdentifier<Kind>() -> Identifier<Kind> { Identifier(randomBytes(16)) ?? .zero }
}
