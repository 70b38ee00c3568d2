// Which parts a body names: what must come beside its envelope, what is stored with it, what an audit takes out again.
import ReviewModel
import Trust

extension Mutation {
  /// The digests of the parts that a body names; none for bodies that cannot be read.
  package static func partDigests(ofBody body: [UInt8]) -> [Digest] {
    // A body that cannot be read names nothing; the rules say what is wrong with it.
    guard case .known(let mutation) = try? decode(body) else { return [] }
    return mutation.partDigests
  }

  /// The digests of the parts that are named, in the order of the fields.
  package var partDigests: [Digest] {
    switch self {
    case .createTenant(let body): [body.name]
    case .inviteMember(let body): [body.name]
    case .enrolDevice(let body): [body.name]
    case .createCampaign(let body): [body.name] + [body.brief].compactMap { $0 }
    case .createItem(let body): Self.digests(of: body.item)
    case .createDocument(let body): [body.revision]
    case .stageBatch(let body): body.items.flatMap(Self.digests(of:))
    case .revise(let body): [body.revision]
    case .merge(let body): [body.revision]
    case .withdraw(let body): [body.reason].compactMap { $0 }
    case .erase(let body): [body.reason].compactMap { $0 }
    case .decide(let body): [body.reason].compactMap { $0 }
    case .comment(let body): [body.text]
    case .editComment(let body): [body.text]
    case .pause(let body): [body.reason].compactMap { $0 }
    case .nameRoot, .vouchDevice, .setRoles, .revokeDevice, .setPolicy, .setCampaignMembers, .importBatch, .submit,
      .withdrawDecision, .resolveThread, .assignReviewer, .delegate,
      .resume:
      []
    }
  }

  private static func digests(of item: NewItem) -> [Digest] { [item.content] + item.posts.map(\.revision) }
}
