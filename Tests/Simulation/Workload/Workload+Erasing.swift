// What admins erase: words of all kinds, some of which are current and may not go.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Workload {
  private static let erased: [EntityKind] = [
    .revision, .revision, .revision, .comment, .comment, .decision, .subject, .item, .member, .device, .pause,
  ]

  func erase() throws -> [Draft] {
    let withdrawn = try subjects { $0.withdrawnBy != nil }
    if random.chance(permille: 500), let subject = random.pick(withdrawn) { return try erase(everythingOf: subject) }
    guard let kind = random.pick(Self.erased), let value = random.pick(try shown(kind)) else { return [] }
    return erase([value.key])
  }

  private func erase(everythingOf subject: SubjectEntity) throws -> [Draft] {
    let values = try shown(.revision) + shown(.decision) + shown(.comment)
    let keys = values.filter { value in
      switch value {
      case .revision(let revision): revision.subject == subject.id && !revision.isErased
      case .decision(let decision): decision.subject == subject.id && !decision.reason.isEmpty
      case .comment(let comment): comment.subject == subject.id && !comment.text.isEmpty
      default: false
      }
    }
    let own: [EntityKey] = subject.withdrawalReason.isEmpty ? [] : [.subject(subject.id)]
    return erase(own + keys.prefix(RuleLimits.targets - own.count).map(\.key))
  }

  private func erase(_ keys: [EntityKey]) -> [Draft] {
    let reason = text(.reason)
    var body = Erase()
    body.targets = keys.map { ErasureTarget($0) }
    body.reason = reason.digest
    return [Draft(mutation: .erase(body), parts: [reason])]
  }
}
