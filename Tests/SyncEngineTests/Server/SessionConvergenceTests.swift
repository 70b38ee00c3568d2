// Whatever happens in whatever order (commits, slow reading, late answers, changing rights, resubscribing), a client that
// applies what it is sent ends with exactly what the server holds for it.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

/// A client that holds pages only where they start at its cursor.
private struct ModelClient {
  var cursors: [Scope: UInt64] = [:]
  var rows: [Scope: [EntityKey: ChangeEntry]] = [:]
  var granted: [Scope] = []
  var misplaced = 0

  mutating func apply(_ frames: [ServerFrame]) {
    for frame in frames {
      switch frame {
      case .changes(let changes): apply(changes)
      case .scopeClosed(let scope):
        cursors[scope] = nil
        rows[scope] = nil
      case .scopeGranted(let head): granted.append(head.scope)
      default: break
      }
    }
  }

  private mutating func apply(_ changes: Changes) {
    guard cursors[changes.scope] == changes.from else {
      misplaced += 1
      return
    }
    cursors[changes.scope] = changes.to
    for entry in changes.entries { rows[changes.scope, default: [:]][entry.key] = entry.payload == nil ? nil : entry }
  }

  func digest(_ scope: Scope) -> Digest {
    var digest = ScopeDigest()
    for (key, entry) in rows[scope] ?? [:] {
      digest.add(ScopeDigest.itemHash(key: key, seq: entry.seq, payload: entry.payload ?? []), leaf: ScopeDigest.leaf(of: key))
    }
    return digest.digest
  }
}

@Suite struct SessionConvergenceTests {
  /// A small generator of its own, so that a seed means the same everywhere.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % sides
    }
  }

  @Test(arguments: UInt64(1)...60)
  func `the client ends with what the server holds`(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let campaign: CampaignID = try identifier(9)
    var bench = try LedgerBench()
    let (mutation, parts) = LedgerBench.campaign(campaign)
    try bench.expectApplied(try bench.commit([bench.admin.verified(bench.admin.sign(mutation, parts: parts))])[0])
    let session = SessionBench(bench)
    let welcome = try session.open(session.bench.reviewer)
    var client = ModelClient()
    for scope in welcome.scopes { client.cursors[scope.scope] = 0 }
    try session.subscribe(welcome)
    var posts: [(SubjectID, Digest, isSubmitted: Bool)] = []
    for step in UInt8(1)...60 {
      try play(dice.roll(10), step: step, dice: &dice, session: session, campaign: campaign, posts: &posts, client: &client)
      client.apply(session.take())
      try subscribeToGrants(session, &client)
    }
    try session.post(.becameWritable)
    try session.releaseHeld()
    for _ in 0..<3 {
      client.apply(session.take())
      try subscribeToGrants(session, &client)
    }
    #expect(session.goodbye == nil && session.closeCode == nil)
    #expect(client.misplaced == 0)
    #expect(Set(client.cursors.keys) == session.machine.granted)
    for scope in client.cursors.keys.sorted() {
      #expect(try client.digest(scope) == session.bench.store.digest(scope).digest.digest, "\(scope)")
    }
  }

  private func subscribeToGrants(_ session: SessionBench, _ client: inout ModelClient) throws {
    while let scope = client.granted.popLast() {
      guard session.machine.granted.contains(scope) else { continue }
      client.cursors[scope] = 0
      client.rows[scope] = nil
      try session.receive(.subscribe(Subscribe(cursors: [ScopeCursor(scope: scope, cursor: 0)], isLive: true)))
      client.apply(session.take())
    }
  }

  private func play(
    _ move: UInt64, step: UInt8, dice: inout Dice, session: SessionBench, campaign: CampaignID,
    posts: inout [(SubjectID, Digest, isSubmitted: Bool)], client: inout ModelClient
  ) throws {
    switch move {
    case 0...2:
      let post: SubjectID = try identifier(31, step)
      let isSubmitted = dice.roll(2) == 0
      let (item, parts) = LedgerBench.item(
        try identifier(30, step), post: post, campaign: campaign, author: session.bench.admin.member, submits: isSubmitted)
      try admin(session, item, parts)
      posts.append((post, parts[1].digest, isSubmitted))
    case 3:
      guard let index = posts.firstIndex(where: { !$0.isSubmitted }) else { return }
      var submit = Submit()
      submit.targets = [RevisionTarget(subject: posts[index].0, revision: posts[index].1)]
      posts[index].isSubmitted = true
      try admin(session, .submit(submit), [])
    case 4:
      var roles = SetRoles()
      roles.member = session.bench.reviewer.member
      roles.roles = dice.roll(2) == 0 ? [.reviewer] : [.editor, .reviewer]
      try admin(session, .setRoles(roles), [])
    case 5:
      var members = SetCampaignMembers()
      members.campaign = campaign
      members.includesEveryone = dice.roll(2) == 0
      try admin(session, .setCampaignMembers(members), [])
    case 6: try session.post(.becameChoked)
    case 7: try session.post(.becameWritable)
    case 8:
      if session.holdsReads { try session.releaseHeld() } else { session.holdsReads = true }
    default:
      guard let post = posts.last else { return }
      let text = Part.text("Why?", kind: .comment, salt: salt(step))
      var comment = AddComment()
      comment.subject = post.0
      comment.thread = try identifier(70, step)
      comment.comment = try identifier(71, step)
      comment.text = text.digest
      try session.receive(.push(Push(envelopes: [session.bench.reviewer.sign(.comment(comment), parts: [text])])))
    }
  }

  private func admin(_ session: SessionBench, _ mutation: Mutation, _ parts: [Part]) throws {
    try session.commit([session.bench.admin.verified(session.bench.admin.sign(mutation, parts: parts))])
  }
}
