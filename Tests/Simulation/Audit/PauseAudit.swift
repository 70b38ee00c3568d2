// Whether every pause holds until somebody who may has lifted it by name: a table of pauses from what was signed, compared
// with what is written and kept.
import ReviewModel
import Storage

final class PauseAudit {
  private struct Plain {
    var member: MemberID
    var target: PauseTarget
    var isLifted = false
  }

  private var pauses: [PauseID: Plain] = [:]

  // MARK: Entries

  func note(_ mutation: Mutation, _ outcome: Outcome, by member: MemberID, _ people: PlainPeople) throws {
    guard outcome.countsByItself else { return }
    switch mutation {
    case .pause(let body):
      guard pauses[body.pause] == nil else {
        throw Violation(.pauseLifted, "pause \(body.pause) was made a second time, over the first one")
      }
      pauses[body.pause] = Plain(member: member, target: body.target)
    case .resume(let body):
      guard people.roles(of: member).contains(.admin) else {
        throw Violation(.pauseLifted, "member \(member) has lifted a pause and is no admin")
      }
      for (place, pause) in body.pauses.enumerated() where outcome.countsByItself(at: place) {
        guard pauses[pause] != nil else { throw Violation(.pauseLifted, "pause \(pause) was lifted and had never been made") }
        pauses[pause]?.isLifted = true
      }
    default: return
    }
  }

  // MARK: Writes

  /// A pause at the end of a commit.
  func note(_ write: EntityWrite) throws {
    guard write.key.kind == .pause else { return }
    guard let payload = write.payload else { throw Violation(.pauseLifted, "\(write.key) is gone from \(write.scope)") }
    try check(try PauseEntity(canonical: payload))
  }

  private func check(_ pause: PauseEntity) throws {
    guard let plain = pauses[pause.id] else { throw Violation(.pauseLifted, "nobody has made the pause \(pause.id)") }
    guard plain.member == pause.member, plain.target == pause.target else {
      throw Violation(.pauseLifted, "pause \(pause.id) is of somebody else, or of something else, than was said")
    }
    guard plain.isLifted == (pause.liftedBy != nil) else {
      let says = plain.isLifted ? "was lifted and holds" : "holds and is kept as lifted"
      throw Violation(.pauseLifted, "pause \(pause.id) \(says)")
    }
  }

  /// What the server holds is the table, no more and no less.
  func compare(with store: any TenantStore) throws {
    let rows = try store.entities(.pause, in: .tenant, limit: pauses.count + 1)
    for row in rows {
      guard let payload = row.payload else { continue }
      try check(try PauseEntity(canonical: payload))
    }
    let held = Set(rows.map(\.key))
    guard let lost = pauses.keys.filter({ !held.contains(.pause($0)) }).min() else { return }
    throw Violation(.pauseLifted, "the server has no pause \(lost) any more")
  }
}
