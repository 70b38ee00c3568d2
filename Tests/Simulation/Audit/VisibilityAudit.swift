// Whether somebody is shown what is not theirs: campaigns that they do not belong to, and what stays among editors and admins.
// From what was signed, from where it is written, and from what each device holds.
import ReviewModel
import Storage
import Trust

final class VisibilityAudit {
  /// Revisions that were made as drafts and have not been submitted.
  private var drafts: Set<Digest> = []
  private var internalComments: Set<CommentID> = []
  private var internalThreads: Set<ThreadID> = []

  // MARK: Entries

  func note(_ mutation: Mutation, _ outcome: Outcome) {
    switch mutation {
    case .revise(let body) where body.isDraft && outcome.countsByItself: drafts.insert(body.revision)
    case .submit(let body):
      for (place, target) in body.targets.enumerated() where outcome.countsByItself(at: place) {
        drafts.remove(target.revision)
      }
    case .comment(let body) where body.isInternal && outcome.countsByItself: internalComments.insert(body.comment)
    default: return
    }
  }

  // MARK: Writes

  /// An entity at the end of a commit.
  func note(_ write: EntityWrite) throws {
    guard let payload = write.payload else { return }
    if write.key.kind == .thread {
      let thread = try ThreadEntity(canonical: payload)
      if thread.isInternal { internalThreads.insert(thread.id) }
    }
    if let misplaced = try fault(of: write.key, payload, in: write.scope) { throw Violation(.shownToMany, misplaced) }
  }

  /// What is wrong with the place where it is; nil if nothing. A revision that a draft has left behind is judged by how it was
  /// made; where a merged one belongs depends on what it was merged from, and is left to the comparison of scopes.
  private func fault(of key: EntityKey, _ payload: [UInt8], in scope: Scope) throws -> String? {
    switch key.kind {
    case .tenant, .member, .device, .invitation, .pause: return nil
    case .stage:
      if case .staging = scope { return nil }
    case .draft, .batch:
      if Self.isInternal(scope) { return nil }
    case .campaign, .item, .subject, .revision, .decision, .thread, .comment:
      if Self.isInternal(scope) { return nil }
      if case .campaign = scope, try !staysInternal(key, payload) { return nil }
    }
    return "\(key) is in \(scope), where others can see it"
  }

  private func staysInternal(_ key: EntityKey, _ payload: [UInt8]) throws -> Bool {
    switch key.kind {
    case .subject: return try SubjectEntity(canonical: payload).submission == nil
    case .revision: return Digest(key.id).map(drafts.contains) ?? false
    case .thread: return try ThreadEntity(canonical: payload).isInternal
    case .comment:
      let comment = try CommentEntity(canonical: payload)
      return internalComments.contains(comment.id) || internalThreads.contains(comment.thread)
    default: return false
    }
  }

  private static func isInternal(_ scope: Scope) -> Bool {
    if case .campaignInternal = scope { true } else { false }
  }

  // MARK: Devices

  /// Whether the member's devices may hold it at all.
  static func mayRead(_ scope: Scope, _ member: MemberID, _ people: PlainPeople) -> Bool {
    switch scope {
    case .tenant: return !people.roles(of: member).isEmpty
    case .member(let owner): return owner == member
    case .campaign(let campaign): return people.belongs(member, to: campaign)
    case .campaignInternal(let campaign):
      return people.belongs(member, to: campaign) && !people.roles(of: member).isDisjoint(with: [.admin, .editor])
    case .staging: return false
    }
  }

  /// Something in a cache that its member may not see; nil if there is nothing.
  func shown(in cache: any CacheStore, to member: MemberID, _ people: PlainPeople) throws -> String? {
    var rows: [ScopedRow] = []
    try cache.allRows { rows.append(ScopedRow(scope: $0, row: $1)) }
    for held in rows {
      guard Self.mayRead(held.scope, member, people) else { return "it holds \(held.row.key) of \(held.scope)" }
      guard let payload = held.row.payload else { continue }
      if let misplaced = try fault(of: held.row.key, payload, in: held.scope) { return misplaced }
    }
    let line = try cache.list(SubjectFilter()).first { !people.belongs(member, to: $0.campaign) }
    return line.map { "it lists subject \($0.subject) of campaign \($0.campaign)" }
  }
}
