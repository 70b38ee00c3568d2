// Removing words for good. What goes is gathered first, to be shown and confirmed; then exactly that is erased, and for good.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Whether this member may erase at all, as far as this device knows.
  ///
  /// - Throws: `notPermitted` with what the rules say.
  public func requireMayErase() throws(ClientError) {
    guard let member = try heldMember(openIdentity.member), !member.roles.contains(.admin) else { return }
    throw ClientError(rejected: .notPermitted)
  }

  /// What an erasure of posts takes away. `POST` stands for everything that was written in it and about it, and must be
  /// withdrawn; `POST@DIGEST` for one revision that is no longer current.
  ///
  /// - Throws: `rejected` with the posts in `details` if something of it is current: no half of a post is erased. `notFound`
  ///   if it is not held, or if nothing is left to erase.
  public func erasure(ofPosts references: [String]) throws(ClientError) -> Erasure {
    var whole: [SubjectEntity] = []
    var single: [FoundTarget] = []
    for reference in references {
      let found = try resolve(reference)
      let post = try heldSubject(found.post)
      if let revision = found.revision.flatMap({ Digest(hex: $0) }) {
        single.append((post, revision))
      } else {
        whole.append(post)
      }
    }
    var gathering = ErasureGathering(EntityReader(cache: try currentView()))
    try storing {
      let standing = try single.filter { try gathering.isCurrent($0.revision, of: $0.subject) }.map(\.subject)
      try Self.requireNotCurrent(whole.filter { $0.withdrawnBy == nil } + standing)
      try gathering.add(posts: whole)
      for (post, revision) in single { try gathering.add(revision, of: post) }
    }
    return try gathering.erasure()
  }

  /// What an erasure of names of members takes away: names or ids, removed members too.
  public func erasure(ofMembers names: [String]) throws(ClientError) -> Erasure {
    var gathering = ErasureGathering(EntityReader(cache: try currentView()))
    for name in names {
      let member = try member(named: name, orRemoved: true)
      gathering.add(.member(member), title: member.shownName)
    }
    return try gathering.erasure()
  }

  /// What an erasure of names of devices takes away: names or beginnings of ids, revoked devices too.
  public func erasure(ofDevices names: [String]) throws(ClientError) -> Erasure {
    var gathering = ErasureGathering(EntityReader(cache: try currentView()))
    for name in names {
      let device = try device(named: name)
      gathering.add(.device(device), title: device.shownName)
    }
    return try gathering.erasure()
  }

  /// Erases what was gathered, and nothing else. For admins; the reason is kept. Until the server has it, `undo` takes it back.
  public func erase(_ erasure: Erasure, reason: String) throws(ClientError) -> ChangeReport {
    var report = try change(erasureDrafts(erasure, reason: reason))
    let posts = Dictionary(erasure.targets.map { ($0.key.description, $0.post?.hex ?? "") }) { first, _ in first }
    for index in report.results.indices where report.results[index].post.isEmpty {
      report.results[index].post = posts[report.results[index].target] ?? ""
    }
    return report
  }

  /// What the rules would say to it now, target by target; nothing is made of it.
  public func predictedErasure(_ erasure: Erasure, reason: String) throws(ClientError) -> [ChangeResult] {
    try predict(erasureDrafts(erasure, reason: reason), on: currentView()).results
  }

  private func erasureDrafts(_ erasure: Erasure, reason: String) -> [ChangeDraft] {
    // Said once for all of it, so that it is one part, whatever the mutations are.
    let part = newPart(reason, .reason)
    return erasure.groups.map { keys in
      var body = Erase()
      body.targets = keys.map { ErasureTarget($0) }
      body.reason = part.digest
      return ChangeDraft(.erase(body), parts: [part], isSplittable: true)
    }
  }

  private static func requireNotCurrent(_ posts: [SubjectEntity]) throws(ClientError) {
    guard !posts.isEmpty else { return }
    let isOne = posts.count == 1
    throw ClientError(
      .rejected,
      isOne
        ? "This post is not withdrawn, so its text is still current; nothing was erased."
        : "\(posts.count) of these posts are not withdrawn, so their texts are still current; nothing was erased.",
      remedy: "Withdraw \(isOne ? "it" : "them") first, or erase one older revision alone, as POST@DIGEST.",
      details: posts.map(\.id.hex))
  }
}
