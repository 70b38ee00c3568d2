// The body that removes words for good: names, texts and reasons go, what was decided about them stays provable.
import Trust

/// What is erased: the words of one entity.
package struct ErasureTarget: CanonicalMessage, Hashable {
  package var kind: EntityKind = .revision
  package var id: [UInt8] = []

  package init() {}

  package init(_ key: EntityKey) {
    kind = key.kind
    id = key.id
  }

  package var key: EntityKey { EntityKey(kind: kind, id: id) }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &kind)
    try coder.field(2, &id)
  }
}

/// Removes words from everywhere: at most 100 targets, all of one campaign or all of none. Admins only.
package struct Erase: CanonicalMessage, Hashable {
  package var targets: [ErasureTarget] = []
  /// Digest of a part of kind `reason`; it must not be empty.
  package var reason: Digest?

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &targets)
    try coder.field(2, &reason)
  }
}
