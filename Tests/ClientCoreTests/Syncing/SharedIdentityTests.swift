// One identity file, several processes: what one of them writes, the others take over, and nobody writes an old state back.
import ReviewModel
import Testing

@testable import ClientCore

struct SharedIdentityTests {
  private static let elsewhere = "http://127.0.0.1:9443"

  /// Two processes of one device; sealed if there are words.
  private func processes(_ world: World, passphrase: String?) async throws -> (Profile, Profile) {
    _ = try await Profile.enrol(
      code: try world.invite([.admin], name: "Ada"), deviceName: "Laptop", at: "admin", name: "admin",
      environment: world.environment(), passphrase: passphrase)
    return (try opened(world, passphrase), try opened(world, passphrase))
  }

  private func opened(_ world: World, _ passphrase: String?) throws -> Profile {
    try Profile.open(
      at: "admin", name: "admin", environment: world.environment(), passphrase: passphrase.map { words in { words } })
  }

  @Test(arguments: [nil, "words to remember"]) func `a live session goes to the new address and never writes the old one back`(
    passphrase: String?
  ) async throws {
    let world = try World()
    let (watching, other) = try await processes(world, passphrase: passphrase)
    try other.setURL(Self.elsewhere)
    _ = try await watching.sync()
    #expect(watching.identity.serverURL == Self.elsewhere)
    try watching.recoveryKeyWasShown()
    let later = try opened(world, passphrase)
    #expect(later.identity.serverURL == Self.elsewhere && later.openIdentity.secrets.recoverySeed == nil)
  }

  @Test(arguments: [nil, "words to remember"]) func `a new address takes no device key away that was renewed meanwhile`(
    passphrase: String?
  ) async throws {
    let world = try World()
    let (renewing, other) = try await processes(world, passphrase: passphrase)
    _ = try await renewing.sync()
    let old = other.deviceID
    try await renewing.renewIdentity()
    #expect(renewing.deviceID != old)
    try other.setURL(Self.elsewhere)
    let later = try opened(world, passphrase)
    #expect(later.deviceID == renewing.deviceID && other.deviceID == renewing.deviceID)
    #expect(later.identity.serverURL == Self.elsewhere)
    _ = try await later.sync()
  }

  @Test func `an identity that was sealed by other words is not taken over`() async throws {
    let world = try World()
    let (first, _) = try await processes(world, passphrase: "words to remember")
    let vault = IdentityVault(files: world.files, path: "admin/identity")
    var other = first.openIdentity
    other.seal = try vault.seal(passphrase: "other words", salt: [UInt8](repeating: 9, count: 16))
    try vault.write(other)
    #expect(throws: ClientError(.wrongPassphrase, "")) { try first.setURL(Self.elsewhere) }
    #expect(try vault.read()?.url == other.file.url)
  }

  @Test func `an address that is none changes nothing`() async throws {
    let world = try World()
    let (first, _) = try await processes(world, passphrase: nil)
    #expect(throws: ClientError(.badInput, "")) { try first.setURL("http://example.org") }
    #expect(first.identity.serverURL == "http://127.0.0.1:8443")
  }
}
