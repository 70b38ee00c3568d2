// Enrolments that did not succeed: they go on with the same code, and stand in no other one's way.
import ReviewModel
import Synchronization
import Testing

@testable import ClientCore

struct EnrolmentTests {
  private func enrol(_ world: World, _ code: String, at directory: String) async throws {
    _ = try await Profile.enrol(
      code: code, deviceName: "Laptop", at: directory, name: directory, environment: world.environment(),
      passphrase: nil)
  }

  @Test func `one that met no server is unfinished, and goes on with the same code`() async throws {
    let world = try World()
    let code = try world.invite([.editor], name: "Edda")
    #expect(try !Profile.isEnrolmentUnfinished(at: "a", environment: world.environment()))
    world.network.withLock { $0.isCut = true }
    await #expect(throws: ClientError(.unreachable, "")) { try await enrol(world, code, at: "a") }
    #expect(try Profile.isEnrolmentUnfinished(at: "a", environment: world.environment()))
    #expect(throws: ClientError(.notEnrolled, "")) { try world.open("a") }
    world.network.withLock { $0.isCut = false }
    try await enrol(world, code, at: "a")
    #expect(try !Profile.isEnrolmentUnfinished(at: "a", environment: world.environment()))
    _ = try await world.open("a").sync()
  }

  @Test func `a recovery key is told again until it was shown, and never after`() async throws {
    let world = try World()
    let code = try world.invite([.admin], name: "Ada")
    func repeated() async throws -> EnrolmentReport {
      try await Profile.enrol(
        code: code, deviceName: "Laptop", at: "admin", name: "admin", environment: world.environment(), passphrase: nil)
    }
    let first = try await repeated()
    #expect(first.recoveryKey?.count == 64 && first.isRootNamedHere)
    // The process that was to show it is gone; another one has synced meanwhile.
    _ = try await world.open("admin").sync()
    let second = try await repeated()
    #expect(second.recoveryKey == first.recoveryKey && second.isRootNamedHere)
    try world.open("admin").recoveryKeyWasShown()
    #expect(try await repeated().recoveryKey == nil)
    _ = try await world.open("admin").sync()
  }

  @Test func `the code that an identity was begun with is known again, and no other`() async throws {
    let world = try World()
    let code = try world.invite([.admin], name: "Ada")
    func isBegun(with code: String, at directory: String = "a") throws -> Bool {
      try Profile.isEnrolment(at: directory, begunWith: code, environment: world.environment())
    }
    #expect(try !isBegun(with: code))
    try await enrol(world, code, at: "a")
    #expect(try isBegun(with: code))
    #expect(try !isBegun(with: try world.invite([.admin], name: "Anna")))
    #expect(try !isBegun(with: "cs1-nonsense") && !isBegun(with: code, at: "b"))
  }

  @Test func `the tree hash of a checkpoint is not mistaken for another root key`() async throws {
    let world = try World()
    let admin = try await world.enrol("admin", [.admin], name: "Ada")
    _ = try await admin.sync()
    let report = try admin.audit()
    let rootKey = try #require(admin.identity.rootFingerprint)
    #expect(report.rootKey == rootKey && report.root != rootKey)
    #expect(try admin.audit(expectedRoot: rootKey).problems == [])
    let mistaken = #expect(throws: ClientError.self) { try admin.audit(expectedRoot: report.root) }
    #expect(mistaken?.code == .badInput && mistaken?.sentence.contains("tree hash") == true)
    let strange = try admin.audit(expectedRoot: String(repeating: "0", count: 64))
    #expect(strange.problems.count == 1, "another key is a problem still")
  }

  @Test func `two enrolments of a profile do not run side by side, and a finished one is told again`() async throws {
    let world = try World()
    let code = try world.invite([.admin], name: "Ada")
    let held = try #require(try world.files.tryLock("a/lock"))
    await #expect(throws: ClientError(.cacheInUse, "")) { try await enrol(world, code, at: "a") }
    #expect(try world.files.read("a/identity") == nil, "no key was made")
    held.unlock()
    try await enrol(world, code, at: "a")
    let session = try #require(try world.files.tryLock("a/lock"))
    try await enrol(world, code, at: "a")
    session.unlock()
    _ = try await world.open("a").sync()
  }

  @Test func `who becomes no root keeps no recovery key`() async throws {
    let world = try World()
    _ = try await world.enrol("admin", [.admin], name: "Ada").sync()
    let editor = try await world.enrol("editor", [.editor], name: "Edda")
    #expect(editor.openIdentity.secrets.recoverySeed == nil)
  }

  @Test func `one that was refused gives way to another code, and one that succeeded does not`() async throws {
    let world = try World()
    let used = try world.invite([.editor], name: "Edda")
    try await enrol(world, used, at: "first")
    let refused = await #expect(throws: ClientError.self) { try await enrol(world, used, at: "second") }
    #expect(refused?.code == .refusedByServer && refused?.details == ["invitation_used"])
    #expect(refused?.description.contains("invitation_used") == false)
    let other = try world.invite([.reviewer], name: "Rita")
    try await enrol(world, other, at: "second")
    let rita = try world.open("second")
    _ = try await rita.sync()
    #expect(try rita.status().member == "Rita")
    let further = try world.invite([.reviewer], name: "Rolf")
    await #expect(throws: ClientError(.badInput, "")) { try await enrol(world, further, at: "second") }
  }
}
