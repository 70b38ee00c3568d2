// The entities that a commit, or a replay, works on: what was loaded, and what was made of it.
import ReviewModel

/// One entity before and after.
package struct EntityChange: Sendable, Hashable {
  package var key: EntityKey
  /// As it was loaded, or as it was when changes were last taken. Nil if it was absent.
  package var before: Entity?
  /// Nil if it was removed.
  package var after: Entity?

  package init(key: EntityKey, before: Entity?, after: Entity?) {
    self.key = key
    self.before = before
    self.after = after
  }

  /// Whether it ended byte for byte as it began; equal text in another Unicode form is not the same.
  var isIdle: Bool { before == after && before?.value.payload == after?.value.payload }
}

/// What is known of some entities, absence included, and what was written since.
package struct WorkingSet: Sendable {
  private var known: [EntityKey: Entity?] = [:]
  private var everWritten: Set<EntityKey> = []
  /// What each key written since the last take held before.
  private var before: [EntityKey: Entity?] = [:]
  private var writeOrder: [EntityKey] = []

  package init() {}

  /// Makes an entity known; nil says that there is none. What was written here is never overwritten.
  package mutating func load(_ key: EntityKey, _ entity: Entity?) {
    guard !everWritten.contains(key) else { return }
    known.updateValue(entity, forKey: key)
  }

  /// Whether it is known what this key holds, be it nothing.
  package func holds(_ key: EntityKey) -> Bool { known[key] != nil }

  /// What the key holds now, writes included; nil if that is nothing or not known.
  package func current(_ key: EntityKey) -> Entity? { known[key] ?? nil }

  /// Everything written since the last take, each key once, in the order of their first writes.
  /// What ended as it began is left out.
  package mutating func takeChanges() -> [EntityChange] {
    let changes = writeOrder.compactMap { key -> EntityChange? in
      let change = EntityChange(key: key, before: before[key] ?? nil, after: current(key))
      return change.isIdle ? nil : change
    }
    before = [:]
    writeOrder = []
    return changes
  }

  /// Writes an entity, or removes it with nil.
  mutating func write(_ key: EntityKey, _ entity: Entity?) {
    if before[key] == nil {
      before.updateValue(current(key), forKey: key)
      writeOrder.append(key)
    }
    everWritten.insert(key)
    known.updateValue(entity, forKey: key)
  }
}
