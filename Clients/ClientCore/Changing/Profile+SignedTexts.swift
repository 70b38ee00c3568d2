// Nobody signs anything but what this device could show: a text that it holds, and that is the one its digest names.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension Profile {
  /// What the rules let through names digests of texts; each of these texts must be held here and verified.
  ///
  /// - Parameter accepted: what the rules say to each target. What they refuse is not signed, whatever is held of it.
  /// - Throws: `damaged`, `notFound`, or `rejected` for an erased text, with the posts in `details`. Then nothing is queued.
  static func requireVerified(_ mutation: Mutation, _ accepted: [Bool], on cache: any CacheStore) throws(ClientError) {
    let reader = EntityReader(cache: cache)
    var unfit: [RevisionReading] = []
    var posts: [String] = []
    try storing {
      for (target, isAccepted) in zip(mutation.signedTexts, accepted) where isAccepted {
        let subject = try reader.subject(target.subject)
        let reading = try subject.map { try reader.reading(target.revision, of: $0) } ?? .notHeld
        guard reading.content == nil else { continue }
        unfit.append(reading)
        posts.append(target.subject.hex)
      }
    }
    guard !unfit.isEmpty else { return }
    // The gravest is told: what is merely absent may come with a sync.
    let problems = unfit.compactMap { RevisionProblem($0) }
    if let problem = problems.first(where: { $0 == .damaged }) ?? problems.first { throw problem.error(posts) }
    throw ClientError(
      .rejected, "The text of this revision was erased, so nothing is signed for it.",
      remedy: "Look at the log of the post; an editor can withdraw it.", details: posts)
  }

  /// The current revision of what a remark is written on, if its text is what its digest names: a remark signs it as read.
  func revisionThatWasRead(of subject: SubjectEntity) throws(ClientError) -> Digest? {
    guard let head = subject.heads.first else { return nil }
    let reader = EntityReader(cache: try currentView())
    let reading = try storing { try reader.reading(head, of: subject) }
    return RevisionProblem(reading) == nil ? head : nil
  }
}

extension Mutation {
  /// The texts that it signs by their digests, in the order of its targets.
  fileprivate var signedTexts: [RevisionTarget] {
    switch self {
    case .decide(let body): body.targets.map { RevisionTarget(subject: $0.subject, revision: $0.revision) }
    case .submit(let body): body.targets
    default: []
    }
  }
}
