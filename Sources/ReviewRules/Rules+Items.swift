// Items with their posts, and documents: what brings subjects into a campaign.
import ReviewModel
import Trust

/// Where new subjects go, and whether they are put before the reviewers at once.
struct Arrival {
  var campaign: CampaignEntity
  var submission: Submission?

  var scope: Scope { submission == nil ? .campaignInternal(campaign.id) : .campaign(campaign.id) }
}

/// An item whose parts were all there and in order.
struct CheckedItem {
  var item: NewItem
  var given: GivenItem
  var revisions: [GivenRevision]
}

extension Rules {
  static func createItem(_ body: CreateItem, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let arrival = try arrival(in: body.campaign, submits: body.submits, &attempt)
    try requireFairPosts(of: body.item)
    try attempt.requireFree(Footprint.keys(of: body.item))
    let checked = try check(body.item, parts: attempt.parts, author: attempt.member.id)
    write(checked, arrival, &attempt)
    return .applied(result: checked.revisions.count == 1 ? checked.revisions[0].digest : nil)
  }

  static func createDocument(_ body: CreateDocument, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let arrival = try arrival(in: body.campaign, submits: body.submits, &attempt)
    guard !WordTokens.isBlank(body.documentKind) else { throw .refused(.nameRequired) }
    guard body.documentKind.utf8.count <= RuleLimits.nameByteCount else { throw .refused(.tooLarge) }
    try attempt.requireFree([.subject(body.subject), .revision(body.revision)])
    let given = try attempt.parts.revision(
      body.revision,
      RevisionExpectation(
        subject: body.subject, target: PostTarget(), isDocument: true, author: attempt.member.id, parents: []))
    var subject = SubjectEntity()
    subject.id = body.subject
    subject.documentKind = body.documentKind
    subject.documentSchemaVersion = body.documentSchemaVersion
    write(subject, given, arrival, &attempt)
    return .applied(result: given.digest)
  }

  /// The campaign is visible, the member may create in it, and the policy that would bind is known.
  static func arrival(in campaign: CampaignID, submits: Bool, _ attempt: inout Attempt) throws(Halt) -> Arrival {
    let campaign = try attempt.visibleCampaign(campaign)
    try attempt.requireRole(.admin, .editor)
    return Arrival(campaign: campaign, submission: submits ? try submission(in: campaign, &attempt) : nil)
  }

  /// The campaign's policy binds, or the tenant's.
  static func submission(in campaign: CampaignEntity, _ attempt: inout Attempt) throws(Halt) -> Submission {
    var submission = Submission()
    submission.member = attempt.member.id
    submission.policy = if let policy = campaign.policy { policy } else { try attempt.tenant().policy }
    submission.atMilliseconds = attempt.now
    return submission
  }

  /// Between 1 and 50 posts, each for a platform, no two for the same place.
  static func requireFairPosts(of item: NewItem) throws(Halt) {
    guard !item.posts.isEmpty else { throw .refused(.emptyContent) }
    guard item.posts.count <= RuleLimits.postsOfItem else { throw .refused(.tooManyTargets) }
    for target in item.posts.map(\.target) {
      guard !WordTokens.isBlank(target.platform) else { throw .refused(.nameRequired) }
      let names = [target.platform, target.account, target.locale, target.arm]
      guard names.allSatisfy({ $0.utf8.count <= RuleLimits.nameByteCount }) else { throw .refused(.tooLarge) }
    }
    guard Set(item.posts.map { $0.target.encoded() }).count == item.posts.count,
      Set(item.posts.map(\.subject)).count == item.posts.count,
      Set(item.posts.map(\.revision)).count == item.posts.count
    else { throw .refused(.malformed) }
  }

  static func check(_ item: NewItem, parts: PartSet, author: MemberID) throws(Halt) -> CheckedItem {
    var revisions: [GivenRevision] = []
    for post in item.posts {
      let expected = RevisionExpectation(
        subject: post.subject, target: post.target, isDocument: false, author: author, parents: [])
      revisions.append(try parts.revision(post.revision, expected))
    }
    return CheckedItem(item: item, given: try parts.item(item.content), revisions: revisions)
  }

  static func write(_ checked: CheckedItem, _ arrival: Arrival, _ attempt: inout Attempt) {
    var item = ItemEntity()
    item.id = checked.item.item
    item.campaign = arrival.campaign.id
    item.content = checked.given.content
    item.partDigests = checked.given.partDigests
    item.posts = checked.item.posts.map(\.subject)
    attempt.write(.item(item), in: arrival.scope)
    for (post, given) in zip(checked.item.posts, checked.revisions) {
      var subject = SubjectEntity()
      subject.id = post.subject
      subject.item = item.id
      subject.target = post.target
      write(subject, given, arrival, &attempt)
    }
  }

  /// Completes a new subject and writes it with its first revision.
  private static func write(
    _ new: SubjectEntity, _ given: GivenRevision, _ arrival: Arrival, _ attempt: inout Attempt
  ) {
    var subject = new
    subject.campaign = arrival.campaign.id
    subject.heads = [given.digest]
    subject.authors = [attempt.member.id]
    subject.submission = arrival.submission
    subject.updatedMilliseconds = attempt.now
    attempt.write(.subject(subject), in: arrival.scope)
    attempt.write(given, of: subject.id, in: arrival.scope)
  }
}

extension Attempt {
  /// Stores a revision with its whole part.
  mutating func write(_ given: GivenRevision, of subject: SubjectID, in scope: Scope) {
    var revision = RevisionEntity()
    revision.digest = given.digest
    revision.subject = subject
    revision.part = given.words?.part.bytes ?? []
    revision.isErased = given.words == nil
    revision.parents = given.parents
    revision.member = member.id
    revision.atMilliseconds = now
    revision.ledgerIndex = context.ledgerIndex
    write(.revision(revision), in: scope)
  }
}
