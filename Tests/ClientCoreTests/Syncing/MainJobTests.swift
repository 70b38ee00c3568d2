// The main job with a real server in memory: import, decide offline, revise meanwhile, converge, and prove it.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Testing

@testable import ClientCore

struct MainJobTests {
  @Test func `two devices converge, and the stale approval is refused and shown`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await editor.sync()
    let imported = try editor.importBatch(Content.file(items: 3), media: [:], submits: true)
    #expect(imported.posts == 6)
    #expect(try editor.list(SubjectQuery()).allSatisfy { $0.isPending && $0.state == "in_review" })
    let sent = try await editor.sync()
    #expect(sent.sent == imported.mutations.count && sent.unsent == 0 && sent.refused == 0 && sent.digest == "match")
    _ = try await reviewer.sync()
    let waiting = try reviewer.list(SubjectQuery(waitsForMe: true))
    #expect(waiting.count == 6)

    // Offline: the reviewer approves two, the editor revises one of them and is first to sync.
    for post in waiting.prefix(2) { _ = try reviewer.show(post.post) }
    let decided = try reviewer.decide(
      "approve", targets: waiting.prefix(2).map { (post: $0.post, revision: $0.revision) }, reason: nil)
    #expect(decided.results.map(\.status) == ["queued", "queued"])
    #expect(try reviewer.list(SubjectQuery(states: ["approved"])).count == 2)
    _ = try editor.revise(post: waiting[0].post, edit: RevisionEdit(text: "Wash your hands with soap."))
    _ = try await editor.sync()
    let report = try await reviewer.sync()
    #expect(report.refused == 1 && report.unsent == 0)
    let refused = try reviewer.outcomes(refusedOnly: true, limit: 10)
    #expect(refused.map(\.code) == ["stale_revision"])
    #expect(refused.first?.diff?.fields.map(\.name) == ["text"])
    #expect(refused.first?.evidence == "proved")
    #expect(try reviewer.status().refusedUnseen == 1)
    try reviewer.noteSeen(refused)
    #expect(try reviewer.status().refusedUnseen == 0 && reviewer.status().refused == 1)
    #expect(try reviewer.list(SubjectQuery(states: ["approved"])).map(\.post) == [waiting[1].post])

    _ = try await editor.sync()
    try expectSameBase(world, editor, reviewer)
    for profile in [editor, reviewer] {
      let audit = try profile.audit()
      #expect(audit.problems == [])
      #expect(audit.signaturesChecked > 0 && audit.outcomesProved > 0)
    }
    let full = try await editor.auditFull()
    #expect(full.problems == [])
    #expect(full.entriesChecked == Int(full.size))
  }

  /// Every line that both members may read is the same, byte for byte.
  private func expectSameBase(_ world: World, _ one: Profile, _ other: Profile) throws {
    let lines = try [one, other].map { profile in
      Set(try world.exported(profile).split(separator: "\n").filter { !$0.contains("/internal\"") && !$0.contains("member/") })
    }
    #expect(!lines[0].isEmpty)
    #expect(lines[0] == lines[1])
  }

  @Test func `the first admin names the root, and later invitations carry it`() async throws {
    let world = try World()
    let report = try await Profile.enrol(
      code: try world.invite([.admin], name: "Ada"), deviceName: "Laptop", at: "ada", name: "ada",
      environment: world.environment(), passphrase: "words to remember")
    #expect(report.isRootNamedHere && report.recoveryKey?.count == 64 && report.rootFingerprint.count == 64)
    let environment = world.environment()
    let ada = try Profile.open(at: "ada", name: "ada", environment: environment) { "words to remember" }
    #expect(throws: ClientError(.wrongPassphrase, "")) {
      try Profile.open(at: "ada", name: "ada", environment: environment) { "other words" }
    }
    _ = try await ada.sync()
    let invitation = try ada.inviteMember(name: "Rita", roles: ["reviewer"])
    _ = try await ada.sync()
    let second = try await Profile.enrol(
      code: invitation.code, deviceName: "Phone", at: "rita", name: "rita", environment: environment, passphrase: nil)
    #expect(second.rootFingerprint == report.rootFingerprint && !second.isRootNamedHere)
    let rita = try world.open("rita")
    _ = try await rita.sync()
    let audit = try rita.audit(expectedRoot: report.rootFingerprint)
    #expect(audit.problems == [])
    #expect(audit.serverVouched == 1)
    #expect(try rita.status().roles == ["reviewer"])
  }

  @Test func `what is passed on leaves the own queue and stays in the delegate's`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    let rita = try await world.enrol("rita", [.reviewer], name: "Rita")
    let rolf = try await world.enrol("rolf", [.reviewer], name: "Rolf")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: true)
    _ = try await editor.sync()
    _ = try await rita.sync()
    let waiting = try rita.list(SubjectQuery(waitsForMe: true)).map(\.post)
    let report = try rita.delegate(posts: [waiting[0], "ffff"], to: "Rolf")
    #expect(report.results.map(\.status) == ["queued", "rejected"])
    #expect(try rita.list(SubjectQuery(waitsForMe: true)).map(\.post) == Array(waiting.dropFirst()))
    _ = try await rita.sync()
    _ = try await rolf.sync()
    #expect(try Set(rolf.list(SubjectQuery(waitsForMe: true)).map(\.post)) == Set(waiting))
    let detail = try rolf.show(waiting[0])
    #expect(detail.assigned == ["Rolf"])
    #expect(detail.delegations == [DelegationDetail(member: "Rita", delegate: "Rolf")])
    #expect(throws: ClientError(.notFound, "")) { try rita.delegate(posts: [waiting[1]], to: "Nobody") }
  }

  @Test func `a cache that is gone is fetched again, and the outbox is not touched`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    _ = try editor.status()
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: false)
    _ = try await editor.sync()
    let post = try #require(try editor.list(SubjectQuery()).first)
    _ = try editor.comment(post: post.post, text: "Is this right?")
    let before = try world.exported(editor)
    editor.close()
    world.caches.withLock { $0 = [:] }
    let again = try world.open("editor")
    #expect(try again.list(SubjectQuery()).isEmpty)
    #expect(try again.status().unsent == 1)
    let report = try await again.sync()
    #expect(report.unsent == 0 && report.refused == 0)
    #expect(try again.show(post.post).comments.map(\.text) == ["Is this right?"])
    #expect(Set(before.split(separator: "\n")).isSubset(of: Set(try world.exported(again).split(separator: "\n"))) == true)
  }

  @Test func `a copied device goes on under a new identity, and nothing is lost`() async throws {
    let world = try World()
    let editor = try await world.enrol("editor", [.admin, .editor], name: "Ada")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(), media: [:], submits: false)
    _ = try await editor.sync()
    let posts = try editor.list(SubjectQuery())
    // The disk is copied as it is now, and both copies go on.
    let outbox = try #require(world.outboxes.withLock { $0["editor/outbox.sqlite"] })
    let cache = try #require(world.caches.withLock { $0["editor/cache.sqlite"] })
    world.outboxes.withLock { $0["copy/outbox.sqlite"] = outbox.copy() }
    world.caches.withLock { $0["copy/cache.sqlite"] = cache.copy() }
    try world.files.write("copy/identity", try #require(try world.files.read("editor/identity")))
    let copy = try world.open("copy")
    _ = try editor.comment(post: posts[0].post, text: "From the first")
    _ = try await editor.sync()
    _ = try copy.comment(post: posts[1].post, text: "From the copy")
    let old = copy.identity.deviceID
    let report = try await copy.sync()
    #expect(report.unsent == 0 && report.refused == 0)
    #expect(copy.identity.deviceID != old)
    #expect(try copy.status().connectionDetail.contains("new identity"))
    _ = try await editor.sync()
    #expect(try editor.show(posts[1].post).comments.map(\.text) == ["From the copy"])
    #expect(try copy.audit().problems == [])
  }
}
