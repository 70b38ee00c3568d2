// Turns what a group changed into rows of the change log: one version an entity, however often the group wrote it.
import ReviewModel
import ReviewRules
import Storage

/// Collects changes in the order of deciding.
struct ChangeCollector {
  private var first: [EntityKey: Entity?] = [:]
  private var last: [EntityKey: Entity?] = [:]
  /// In the order in which the keys were first changed.
  private var order: [EntityKey] = []

  mutating func add(_ changes: [EntityChange]) {
    for change in changes {
      if first[change.key] == nil {
        first.updateValue(change.before, forKey: change.key)
        order.append(change.key)
      }
      last.updateValue(change.after, forKey: change.key)
    }
  }

  /// The rows with ascending numbers after `seq`. An entity that moves leaves a departure with the lower number, so that
  /// its new version wins wherever both arrive.
  func writes(after seq: UInt64) -> [EntityWrite] {
    var seq = seq
    var writes: [EntityWrite] = []
    func next() -> UInt64 {
      seq += 1
      return seq
    }
    for key in order {
      let before = first[key] ?? nil
      let after = last[key] ?? nil
      guard before != after else { continue }
      if let before, before.scope != after?.scope {
        writes.append(EntityWrite(key: key, seq: next(), scope: before.scope, payload: nil))
      }
      if let after { writes.append(EntityWrite(key: key, seq: next(), scope: after.scope, payload: after.value.payload)) }
    }
    return writes
  }
}
