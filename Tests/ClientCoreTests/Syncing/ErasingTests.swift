// Erasing, from an admin's command to everybody's device: words go from views, caches and outboxes; facts and proofs stay.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Testing
import Trust

@testable import ClientCore

struct ErasingTests {
  private static let secret = "Mrs Huber sleeps badly"

  private struct Play {
    let world: World
    let admin: Profile
    let editor: Profile
    let reviewer: Profile
    let post: String

    var everybody: [Profile] { [admin, editor, reviewer] }

    /// Twice, so that the first one has what the last one sent.
    func sync() async throws {
      for profile in everybody + everybody { _ = try await profile.sync() }
    }
  }

  /// A post with two revisions, a rejection and a remark, and the secret in all that is not its first revision.
  private func played() async throws -> Play {
    let world = try World()
    let admin = try await world.enrol("admin", [.admin], name: "Ada")
    let editor = try await world.enrol("editor", [.editor], name: "Edda")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    _ = try await editor.sync()
    _ = try editor.importBatch(Content.file(items: 1), media: [:], submits: true)
    let post = try #require(try editor.list(SubjectQuery(platform: "linkedin")).first).post
    _ = try editor.revise(post: post, edit: RevisionEdit(text: Self.secret + "."))
    let play = Play(world: world, admin: admin, editor: editor, reviewer: reviewer, post: post)
    try await play.sync()
    let revision = try reviewer.resolve(post).current
    _ = try reviewer.decide("reject", targets: [(post: post, revision: revision)], reason: Self.secret + ", it says.")
    _ = try reviewer.comment(post: post, text: "Must it say that \(Self.secret)?")
    try await play.sync()
    return play
  }

  private func withdrawn() async throws -> Play {
    let play = try await played()
    _ = try play.editor.withdraw(posts: [play.post], reason: "Because \(Self.secret).")
    try await play.sync()
    return play
  }

  /// Where a device has these words: rows of its cache, and mutations of its outbox.
  private func places(of words: String, on profile: Profile) throws -> [String] {
    func holds(_ bytes: [UInt8]) -> Bool { bytes.firstRange(of: Array(words.utf8)) != nil }
    var places: [String] = []
    let cache = try profile.openedCache()
    try cache.allRows { _, row in if holds(row.payload ?? []) { places.append("\(row.key)") } }
    let rows = try profile.outbox.answered(isRefused: false, limit: .max) + profile.outbox.unanswered()
    for row in rows where row.mutation.parts.contains(where: { holds($0.bytes) }) {
      places.append("\(MutationDescription(row.mutation).kind) in the outbox")
    }
    return places
  }

  // MARK: Posts

  @Test func `the words of a withdrawn post go from every view, cache and outbox, and the proof stays`() async throws {
    let play = try await withdrawn()
    for profile in play.everybody { #expect(try !places(of: Self.secret, on: profile).isEmpty) }
    let revisions = try play.admin.history(play.post).compactMap(\.revision).compactMap { Digest(hex: $0) }
    #expect(try !play.world.stored().parts(revisions).isEmpty)

    let erasure = try play.admin.erasure(ofPosts: [play.post])
    #expect(erasure.contents == "2 revisions, 1 comment, 2 reasons" && erasure.titles == ["Theme 0"])
    let report = try play.admin.erase(erasure, reason: "She has asked for it.")
    #expect(report.mutations.count == 1 && report.results.map(\.status) == Array(repeating: "queued", count: 5))
    #expect(Set(report.results.map { $0.post + $0.revision + $0.target }).count == 5, "each can be told from the others")
    #expect(report.results.allSatisfy { $0.post == play.post })
    try await play.sync()

    #expect(try play.world.stored().parts(revisions).isEmpty)
    for profile in play.everybody {
      #expect(try places(of: Self.secret, on: profile) == [])
      #expect(try places(of: "says text 0 for linkedin", on: profile) == [])
      #expect(try profile.search("Huber", limit: 5).isEmpty)
      #expect(try play.world.exported(profile) == play.world.exportedByServer(for: profile))
      let audit = try profile.audit()
      #expect(audit.ok && audit.problems == [])
    }
    let full = try await play.admin.auditFull()
    #expect(full.ok && full.problems == [])
  }

  @Test func `who reads it is told that it was erased`() async throws {
    let play = try await withdrawn()
    _ = try play.admin.erase(try play.admin.erasure(ofPosts: [play.post]), reason: "She has asked for it.")
    try await play.sync()
    for profile in play.everybody {
      let detail = try profile.show(play.post, markRead: false)
      #expect(detail.heads.map(\.isErased) == [true] && detail.summary.isErased && detail.summary.state == "withdrawn")
      #expect(detail.decisions.map(\.verdict) == ["reject"] && detail.decisions.map(\.isErased) == [true])
      #expect(detail.comments.map(\.isErased) == [true] && detail.comments.map(\.text) == [""])
      #expect(detail.theme == "Theme 0", "the item's other post needs it")
      #expect(try profile.list(SubjectQuery()).filter(\.isErased).map(\.post) == [play.post])
      let log = try profile.history(play.post)
      for action in ["created", "reject", "commented", "withdrawn"] {
        #expect(log.filter { $0.action == action }.allSatisfy { $0.detail == "(erased)" })
        #expect(log.contains { $0.action == action })
      }
    }
    let said = try play.reviewer.outcomes(refusedOnly: false, limit: 50).filter { $0.original.kind == "comment" }
    #expect(said.map(\.original.words) == ["(erased)"])
  }

  @Test func `what is current stays whole, and a former revision can go alone`() async throws {
    let play = try await played()
    let error = #expect(throws: ClientError.self) { try play.admin.erasure(ofPosts: [play.post]) }
    #expect(error?.code == .rejected && error?.details == [play.post])
    let current = try play.admin.resolve(play.post).current
    #expect(throws: ClientError(.rejected, "")) { try play.admin.erasure(ofPosts: ["\(play.post)@\(current)"]) }

    let former = try #require(try play.admin.history(play.post).first { $0.action == "created" }?.revision)
    let reference = "\(play.post)@\(former)"
    let erasure = try play.admin.erasure(ofPosts: [reference])
    #expect(erasure.contents == "1 revision")
    _ = try play.admin.erase(erasure, reason: "It named her.")
    try await play.sync()
    for profile in play.everybody {
      #expect(try profile.show(play.post, markRead: false).heads.map(\.text) == [Self.secret + "."])
      #expect(throws: ClientError(.notFound, "")) { try profile.diff(play.post, from: former) }
      #expect(try profile.audit().ok)
    }
    #expect(throws: ClientError(.notFound, "")) { try play.admin.erasure(ofPosts: [reference]) }
  }

  @Test func `whoever is no admin is refused, and nothing is queued`() async throws {
    let play = try await withdrawn()
    #expect(throws: ClientError(.notPermitted, "")) { try play.editor.requireMayErase() }
    try play.admin.requireMayErase()
    let erasure = try play.editor.erasure(ofPosts: [play.post])
    #expect(try Set(play.editor.predictedErasure(erasure, reason: "No").map(\.code)) == ["not_permitted"])
    let report = try play.editor.erase(erasure, reason: "No")
    #expect(report.mutations.isEmpty && Set(report.results.map(\.code)) == ["not_permitted"])
    #expect(try play.editor.status().unsent == 0 && !places(of: Self.secret, on: play.editor).isEmpty)
  }

  @Test func `the last post of an item takes the theme along, and undo brings all back until it is sent`() async throws {
    let play = try await withdrawn()
    let other = try #require(try play.admin.list(SubjectQuery(platform: "bluesky")).first).post
    _ = try play.admin.withdraw(posts: [other], reason: nil)
    _ = try play.admin.erase(try play.admin.erasure(ofPosts: [play.post]), reason: "She has asked for it.")
    let rest = try play.admin.erasure(ofPosts: [other])
    #expect(rest.contents == "1 revision, 1 theme")
    _ = try play.admin.erase(rest, reason: "She has asked for it.")
    #expect(try play.admin.show(other).theme.hasPrefix("(erased) "))
    #expect(try play.admin.list(SubjectQuery()).allSatisfy(\.isErased))
    let undone = try play.admin.undo(count: 2).undone.map(\.what)
    #expect(undone == ["erase of 1 revision, 1 theme", "erase of 2 revisions, 1 comment, 2 reasons"])
    #expect(try play.admin.list(SubjectQuery()).allSatisfy { !$0.isErased })
    #expect(try play.admin.show(other).theme == "Theme 0")
  }

  @Test func `a remark on an erased post does not keep the theme`() async throws {
    let play = try await withdrawn()
    let other = try #require(try play.admin.list(SubjectQuery(platform: "bluesky")).first).post
    _ = try play.admin.withdraw(posts: [other], reason: nil)
    _ = try play.admin.erase(try play.admin.erasure(ofPosts: [play.post]), reason: "She has asked for it.")
    try await play.sync()
    _ = try play.reviewer.comment(post: play.post, text: "Is it gone?")
    try await play.sync()
    #expect(try play.admin.erasure(ofPosts: [other]).contents == "1 revision, 1 theme")
  }

  @Test func `what was erased cannot be revised, and it is said why`() async throws {
    let play = try await withdrawn()
    let former = try #require(try play.admin.history(play.post).first { $0.action == "created" }?.revision)
    let before = try play.editor.revise(post: play.post, edit: RevisionEdit(text: "New."))
    _ = try play.admin.erase(try play.admin.erasure(ofPosts: [play.post]), reason: "She has asked for it.")
    try await play.sync()
    let after = try play.editor.revise(post: play.post, edit: RevisionEdit(text: "New."))
    for report in [before, after] {
      #expect(report.mutations.isEmpty && report.results.map(\.code) == ["withdrawn"] && report.results.map(\.exit) == [8])
    }
    let named = try play.editor.revise(post: play.post, base: former, edit: RevisionEdit(text: "New."))
    #expect(named.results.map(\.code) == ["withdrawn"])
  }

  @Test func `more than one mutation may name is split, and is one command still`() async throws {
    let play = try await withdrawn()
    for number in 0..<RuleLimits.targets { _ = try play.reviewer.comment(post: play.post, text: "Remark \(number)") }
    try await play.sync()
    let erasure = try play.admin.erasure(ofPosts: [play.post])
    let report = try play.admin.erase(erasure, reason: "She has asked for it.")
    #expect(report.mutations.count == 2 && report.results.count == RuleLimits.targets + 5)
    try await play.sync()
    #expect(try play.reviewer.show(play.post).comments.allSatisfy(\.isErased))
    #expect(try play.admin.undo().tooLate.map(\.mutations) == [report.mutations])
    #expect(try play.reviewer.audit().problems == [])
  }

  // MARK: Names

  @Test func `names of a member and of a device go, and the beginnings of ids stand for them`() async throws {
    let play = try await played()
    let rita = try #require(try play.admin.members().first { $0.name == "Rita" })
    let device = try #require(rita.devices.first).device
    let member = try play.admin.erasure(ofMembers: ["Rita"])
    #expect(member.contents == "1 name" && member.titles == ["Rita"])
    #expect(throws: ClientError(.ambiguous, "")) { try play.admin.erasure(ofDevices: ["Laptop"]) }
    _ = try play.admin.erase(member, reason: "She has left.")
    _ = try play.admin.erase(try play.admin.erasure(ofDevices: [String(device.prefix(16))]), reason: "She has left.")
    try await play.sync()
    let name = "(erased) \(rita.member.prefix(8))"
    for profile in play.everybody {
      let found = try #require(try profile.members().first { $0.member == rita.member })
      #expect(found.name == name && found.devices.map(\.name) == ["(erased) \(device.prefix(8))"])
      #expect(try profile.show(play.post, markRead: false).decisions.map(\.member) == [name])
      #expect(try profile.audit().ok)
    }
    #expect(try play.reviewer.status().member == name)
    for reference in ["Rita", rita.member] {
      #expect(throws: ClientError(.notFound, "")) { try play.admin.erasure(ofMembers: [reference]) }
    }
    #expect(try await play.admin.auditFull().problems == [])
  }
}
