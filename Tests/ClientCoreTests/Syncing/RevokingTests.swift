// Ending a device: who may, by which names, and what becomes of it; and how its member gets another one.
import ReviewModel
import Testing

@testable import ClientCore

struct RevokingTests {
  private func practice() async throws -> (world: World, admin: Profile, reviewer: Profile) {
    let world = try World()
    let admin = try await world.enrol("admin", [.admin, .editor], name: "Ada")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await admin.sync()
    _ = try admin.importBatch(Content.file(items: 1), media: [:], submits: true)
    for profile in [admin, reviewer, admin] { _ = try await profile.sync() }
    return (world, admin, reviewer)
  }

  @Test func `a revoked device gets no session, and what it decided is not taken`() async throws {
    let (_, admin, reviewer) = try await practice()
    let post = try #require(try reviewer.list(SubjectQuery()).first)
    _ = try reviewer.decide("approve", targets: [(post: post.post, revision: post.revision)], reason: nil)
    let report = try admin.revoke(device: String(reviewer.identity.deviceID.prefix(8)))
    #expect(report.results.map(\.status) == ["queued"])
    let queued = try #require(try admin.members().first { $0.name == "Rita" }?.devices.first)
    #expect(queued.isRevoked && queued.isPending, "nobody but this device knows of it")
    #expect(try admin.status().pendingRevocations.map(\.device) == [reviewer.identity.deviceID])
    _ = try await admin.sync()
    #expect(try await admin.waitUntilAnswered(report.mutations, withinMilliseconds: 20).map(\.status) == ["applied"])
    #expect(try admin.members().first { $0.name == "Rita" }?.devices.map(\.isRevoked) == [true])
    #expect(try admin.members().first { $0.name == "Rita" }?.devices.map(\.isPending) == [false])
    #expect(try admin.status().pendingRevocations.isEmpty)
    await #expect(throws: ClientError(.refusedByServer, "")) { try await reviewer.sync() }
    #expect(try reviewer.status().connection == "stopped" && reviewer.status().stop == "device_revoked")
    _ = try await admin.sync()
    #expect(try admin.show(post.post).decisions.isEmpty && reviewer.status().unsent == 1)
    let again = try admin.revoke(device: reviewer.identity.deviceID)
    #expect(again.results.map(\.code) == ["nothing_changed"] && again.mutations.isEmpty)
  }

  @Test func `who may revoke what, and by which name`() async throws {
    let (_, admin, reviewer) = try await practice()
    let several = #expect(throws: ClientError.self) { try admin.revoke(device: "laptop") }
    #expect(several?.code == .ambiguous && several?.details.count == 2)
    for profile in [admin, reviewer] {
      let id = profile.identity.deviceID
      #expect(several?.details.contains { $0.hasPrefix(id) } == true)
      #expect(throws: ClientError(.rejected, "")) { try profile.revoke(device: id) }
    }
    let unknown = #expect(throws: ClientError.self) { try admin.revoke(device: "Tablet") }
    #expect(unknown?.code == .notFound && unknown?.remedy.contains("countersign device list") == true)
    // The question before it is about the same device, and is not asked where there is none to revoke.
    #expect(throws: ClientError(.notFound, "")) { try admin.deviceToRevoke("Tablet") }
    #expect(throws: ClientError(.ambiguous, "")) { try admin.deviceToRevoke("laptop") }
    #expect(throws: ClientError(.rejected, "")) { try admin.deviceToRevoke(admin.identity.deviceID) }
    let named = try admin.deviceToRevoke(String(reviewer.identity.deviceID.prefix(8)))
    #expect(named.device == reviewer.identity.deviceID && named.name == "Laptop" && named.member == "Rita")
    let refused = try reviewer.revoke(device: admin.identity.deviceID)
    #expect(refused.mutations.isEmpty && refused.results.map(\.code) == ["not_permitted"])
    #expect(try admin.list(SubjectQuery(campaign: "spring")).count == 2, "names fit without regard to case")
  }

  @Test func `a further device is of the same member, and sees what waits for them`() async throws {
    let (world, admin, reviewer) = try await practice()
    let invitation = try admin.inviteDevice(ofMember: "rita")
    #expect(invitation.member == reviewer.openIdentity.member.hex)
    _ = try await admin.sync()
    _ = try await Profile.enrol(
      code: invitation.code, deviceName: "Phone", at: "phone", name: "phone", environment: world.environment(),
      passphrase: nil)
    let phone = try world.open("phone")
    for profile in [phone, admin] { _ = try await profile.sync() }
    #expect(phone.openIdentity.member == reviewer.openIdentity.member && phone.identity.deviceID != reviewer.identity.deviceID)
    let waiting = Set(try phone.list(SubjectQuery(waitsForMe: true)).map(\.post))
    #expect(try waiting.count == 2 && waiting == Set(reviewer.list(SubjectQuery(waitsForMe: true)).map(\.post)))
    #expect(try phone.status().roles == ["reviewer"] && phone.status().member == "Rita")
    let rita = try #require(try admin.members().first { $0.name == "Rita" })
    #expect(rita.devices.count == 2 && rita.roles == ["reviewer"])
    #expect(try admin.members().count == 2)
    #expect(try phone.audit().problems == [])
  }

  @Test func `a further device needs a member whom one name means, and an admin`() async throws {
    let (world, admin, reviewer) = try await practice()
    #expect(throws: ClientError(.notFound, "")) { try admin.inviteDevice(ofMember: "Nobody") }
    #expect(throws: ClientError(.notPermitted, "")) { try reviewer.inviteDevice(ofMember: "Rita") }
    let other = try await world.enrol("other", [.viewer], name: "Rita")
    _ = try await admin.sync()
    let several = #expect(throws: ClientError.self) { try admin.inviteDevice(ofMember: "Rita") }
    #expect(several?.code == .ambiguous && several?.details.count == 2)
    let id = other.openIdentity.member.hex
    #expect(try admin.inviteDevice(ofMember: id).member == id)
  }

  @Test func `an invitation that the rules refuse says what helps`() async throws {
    let (_, admin, reviewer) = try await practice()
    let role = #expect(throws: ClientError.self) { try reviewer.inviteMember(name: "Rolf", roles: ["reviewer"]) }
    #expect(role?.code == .notPermitted && role?.remedy.isEmpty == false && role?.details == [])
    let nameless = #expect(throws: ClientError.self) { try admin.inviteMember(name: "", roles: ["reviewer"]) }
    #expect(nameless?.code == .rejected && nameless?.remedy.isEmpty == false && nameless?.details == [])
  }
}
