// Bodies that bring in and change content. Words are never here: only ids and digests of parts.
import Trust

/// Begins a campaign; who begins it need not be among its members.
package struct CreateCampaign: CanonicalMessage, Hashable {
  package var campaign: CampaignID = .zero
  /// Digest of a part of kind `name`.
  package var name: Digest = .zero
  /// Digest of a part of kind `brief`.
  package var brief: Digest?
  package var policy: ApprovalPolicy?
  package var includesEveryone = false
  package var members: [MemberID] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &campaign)
    try coder.field(2, &name)
    try coder.field(3, &brief)
    try coder.field(4, &policy)
    try coder.field(5, &includesEveryone)
    try coder.field(6, &members)
  }
}

/// Who belongs to a campaign; replaces what was said before.
package struct SetCampaignMembers: CanonicalMessage, Hashable {
  package var campaign: CampaignID = .zero
  package var includesEveryone = false
  package var members: [MemberID] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &campaign)
    try coder.field(2, &includesEveryone)
    try coder.field(3, &members)
  }
}

/// A post that an item brings with it.
package struct NewPost: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var target = PostTarget()
  /// Digest of its first revision's part.
  package var revision: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &target)
    try coder.field(3, &revision)
  }
}

/// An item with its posts.
package struct NewItem: CanonicalMessage, Hashable {
  package var item: ItemID = .zero
  /// Digest of a part of kind `itemContent`.
  package var content: Digest = .zero
  package var posts: [NewPost] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &item)
    try coder.field(2, &content)
    try coder.field(3, &posts)
  }
}

/// Brings in one item with its posts; larger numbers come as batches.
package struct CreateItem: CanonicalMessage, Hashable {
  package var campaign: CampaignID = .zero
  package var item = NewItem()
  /// Whether its posts are submitted at once.
  package var submits = false

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &campaign)
    try coder.field(2, &item)
    try coder.field(3, &submits)
  }
}

/// Brings in a document with its first revision.
package struct CreateDocument: CanonicalMessage, Hashable {
  package var campaign: CampaignID = .zero
  package var subject: SubjectID = .zero
  package var documentKind = ""
  package var documentSchemaVersion: UInt32 = 1
  package var revision: Digest = .zero
  package var submits = false

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &campaign)
    try coder.field(2, &subject)
    try coder.field(3, &documentKind)
    try coder.field(4, &documentSchemaVersion)
    try coder.field(5, &revision)
    try coder.field(6, &submits)
  }
}

/// Stores a part of a batch on the server; creates nothing.
package struct StageBatch: CanonicalMessage, Hashable {
  package var batch: BatchID = .zero
  /// From 0, without gaps.
  package var index: UInt32 = 0
  package var items: [NewItem] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &batch)
    try coder.field(2, &index)
    try coder.field(3, &items)
  }
}

/// Makes a staged batch appear, whole or not at all.
package struct ImportBatch: CanonicalMessage, Hashable {
  package static let postsLimit = 10_000
  package static let stagesLimit: UInt32 = 4_096

  package var batch: BatchID = .zero
  package var campaign: CampaignID = .zero
  package var stageCount: UInt32 = 0
  /// SHA-256 of the bodies (canonical `StageBatch` bytes) of its stages, hashed one after the other in order:
  /// SHA-256(SHA-256(stage 0) ‖ SHA-256(stage 1) ‖ …).
  package var stagesDigest: Digest = .zero
  package var submits = false

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &batch)
    try coder.field(2, &campaign)
    try coder.field(3, &stageCount)
    try coder.field(4, &stagesDigest)
    try coder.field(5, &submits)
  }

  /// The digest over the stages' bodies, in order.
  package static func digest(ofStages stages: [StageBatch]) -> Digest {
    SHA256.hash(stages.map { SHA256.hash($0.encoded()).bytes })
  }
}

/// A new revision of a subject, made from the revision it names.
package struct Revise: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var base: Digest = .zero
  package var revision: Digest = .zero
  /// Keeps it among the editors until it is submitted.
  package var isDraft = false

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &base)
    try coder.field(3, &revision)
    try coder.field(4, &isDraft)
  }
}

/// Ends a conflict: one revision made from all the heads.
package struct Merge: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var heads: [Digest] = []
  package var revision: Digest = .zero

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &heads)
    try coder.field(3, &revision)
  }
}

/// Takes subjects back: at most 100, all of one campaign.
package struct Withdraw: CanonicalMessage, Hashable {
  package var subjects: [SubjectID] = []
  /// Digest of a part of kind `reason`.
  package var reason: Digest?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subjects)
    try coder.field(2, &reason)
  }
}
