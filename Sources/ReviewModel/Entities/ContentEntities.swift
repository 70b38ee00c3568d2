// Campaigns, items, subjects and their revisions and drafts.
import Trust

/// A set of items with a brief, its own members and perhaps its own policy. In the scope `campaign/<id>`.
package struct CampaignEntity: CanonicalMessage, Hashable {
  package var id: CampaignID = .zero
  package var name = ""
  package var brief = ""
  /// Overrides the tenant's policy for what is submitted from now on.
  package var policy: ApprovalPolicy?
  /// Whether every member of the tenant belongs to it; `members` counts only if not.
  package var includesEveryone = false
  package var members: [MemberID] = []
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &name)
    try coder.field(3, &brief)
    try coder.field(4, &policy)
    try coder.field(5, &includesEveryone)
    try coder.field(6, &members)
    try coder.field(7, &partDigests)
  }
}

/// A message before any platform has its own version of it. In the internal scope until one of its posts is submitted.
package struct ItemEntity: CanonicalMessage, Hashable {
  package var id: ItemID = .zero
  package var campaign: CampaignID = .zero
  package var content = ItemContent()
  package var posts: [SubjectID] = []
  /// Digests of the parts that its words came in, the latest last: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &campaign)
    try coder.field(3, &content)
    try coder.field(4, &posts)
    try coder.field(5, &partDigests)
  }
}

/// A decision that counts on a current revision.
package struct StandingDecision: CanonicalMessage, Hashable {
  package var decision: DecisionID = .zero
  package var member: MemberID = .zero
  package var revision: Digest = .zero
  package var verdict: Verdict = .approve
  /// What the member was when deciding.
  package var roles: [Role] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &decision)
    try coder.field(2, &member)
    try coder.field(3, &revision)
    try coder.field(4, &verdict)
    try coder.field(5, &roles)
  }
}

/// That a subject was submitted, by whom, and under which policy it is decided.
package struct Submission: CanonicalMessage, Hashable {
  package var member: MemberID = .zero
  package var policy = ApprovalPolicy()
  package var atMilliseconds: UInt64 = 0

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &member)
    try coder.field(2, &policy)
    try coder.field(3, &atMilliseconds)
  }
}

/// A decision that its member's later decision replaced before it had arrived itself: it never stands.
package struct EarlyReplacement: CanonicalMessage, Hashable {
  package var decision: DecisionID = .zero
  package var member: MemberID = .zero
  /// The decision that named it.
  package var replacedBy: DecisionID = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &decision)
    try coder.field(2, &member)
    try coder.field(3, &replacedBy)
  }
}

/// That a reviewer has asked another one to decide in their place.
package struct Delegation: CanonicalMessage, Hashable {
  package var member: MemberID = .zero
  package var delegate: MemberID = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &member)
    try coder.field(2, &delegate)
  }
}

/// A post or a document: what has revisions and is decided on.
/// In the internal scope until it is first submitted, then in the campaign's.
package struct SubjectEntity: CanonicalMessage, Hashable {
  package var id: SubjectID = .zero
  package var campaign: CampaignID = .zero
  /// Posts only.
  package var item: ItemID?
  /// Posts only: platform, account, locale, arm.
  package var target = PostTarget()
  /// Documents only: brief, brand_profile, content_plan, ad_proposal, budget_change.
  package var documentKind = ""
  package var documentSchemaVersion: UInt32 = 0
  /// The current revision; more than one if changes could not be merged.
  package var heads: [Digest] = []
  /// Who wrote the heads and their ancestors since the last approved revision: none of them may approve.
  package var authors: [MemberID] = []
  package var submission: Submission?
  /// Decisions on the heads that are not replaced or withdrawn.
  package var standing: [StandingDecision] = []
  package var withdrawnBy: MemberID?
  /// Who is asked to decide; anybody with the right may.
  package var assigned: [MemberID] = []
  /// The server's time of the last change that counts for readers.
  package var updatedMilliseconds: UInt64 = 0
  /// What was said when it was withdrawn.
  package var withdrawalReason = ""
  package var replacedEarly: [EarlyReplacement] = []
  /// Who has passed the asking on, and to whom; at most one each, gone when the member is asked again.
  package var delegations: [Delegation] = []
  /// Digests of the parts that the reason of its withdrawal came in: what an erasure removes.
  package var partDigests: [Digest] = []

  package init() {}

  package var isDocument: Bool { !documentKind.isEmpty }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &campaign)
    try coder.field(3, &item)
    try coder.field(4, &target)
    try coder.field(5, &documentKind)
    try coder.field(6, &documentSchemaVersion)
    try coder.field(7, &heads)
    try coder.field(8, &authors)
    try coder.field(9, &submission)
    try coder.field(10, &standing)
    try coder.field(11, &withdrawnBy)
    try coder.field(12, &assigned)
    try coder.field(13, &updatedMilliseconds)
    try coder.field(14, &withdrawalReason)
    try coder.field(15, &replacedEarly)
    try coder.field(16, &delegations)
    try coder.field(17, &partDigests)
  }
}

/// One revision: the whole part (salt, kind, content), so that anybody can recompute its digest.
package struct RevisionEntity: CanonicalMessage, Hashable {
  package var digest: Digest = .zero
  package var subject: SubjectID = .zero
  /// Empty if it was erased.
  package var part: [UInt8] = []
  package var isErased = false
  /// Who signed the mutation that brought it; for a merge that the server computed, whose change caused it.
  package var member: MemberID = .zero
  package var atMilliseconds: UInt64 = 0
  /// The entry of the ledger that brought it; nil on a device until the server has answered.
  package var ledgerIndex: UInt64?
  /// What it was made from, as its content says: an erasure leaves it.
  package var parents: [Digest] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &digest)
    try coder.field(2, &subject)
    try coder.field(3, &part)
    try coder.field(4, &isErased)
    try coder.field(5, &member)
    try coder.field(6, &atMilliseconds)
    try coder.field(7, &ledgerIndex)
    try coder.field(8, &parents)
  }
}

/// Work on a submitted subject that nobody but editors sees until it is submitted. In the internal scope.
package struct DraftEntity: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var heads: [Digest] = []
  /// The current revision when the draft was begun.
  package var base: Digest = .zero
  package var authors: [MemberID] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &heads)
    try coder.field(3, &base)
    try coder.field(4, &authors)
  }
}

/// That a batch was imported. In the campaign's internal scope.
package struct BatchEntity: CanonicalMessage, Hashable {
  package var id: BatchID = .zero
  package var campaign: CampaignID = .zero
  package var member: MemberID = .zero
  package var itemCount: UInt32 = 0
  package var postCount: UInt32 = 0
  package var atMilliseconds: UInt64 = 0

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &id)
    try coder.field(2, &campaign)
    try coder.field(3, &member)
    try coder.field(4, &itemCount)
    try coder.field(5, &postCount)
    try coder.field(6, &atMilliseconds)
  }
}

/// A part of a batch that waits for its import. Keyed by batch and index, in the hidden scope of who staged it.
package struct StageEntity: CanonicalMessage, Hashable {
  package static let lifetimeMilliseconds: UInt64 = 30 * 86_400_000

  package var batch: BatchID = .zero
  package var index: UInt32 = 0
  package var member: MemberID = .zero
  package var items: [NewItem] = []
  /// The parts that `items` name, whole.
  package var parts: [[UInt8]] = []
  package var atMilliseconds: UInt64 = 0

  package init() {}

  /// Whether it is as if it had never been staged: it can no longer be imported, and a store may forget it.
  package func hasExpired(atMilliseconds now: UInt64) -> Bool {
    now > atMilliseconds && now - atMilliseconds > Self.lifetimeMilliseconds
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &batch)
    try coder.field(2, &index)
    try coder.field(3, &member)
    try coder.field(4, &items)
    try coder.field(5, &parts)
    try coder.field(6, &atMilliseconds)
  }
}
