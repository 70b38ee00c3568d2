// What a cache holds of one entity in one scope, and which of several scopes' versions is the current one.

/// A version without its payload.
package struct HeldVersion<ScopeName: Hashable & Sendable>: Hashable, Sendable {
  package var scope: ScopeName
  package var seq: UInt64
  /// It left the scope: remembered, so that an older version that comes late is not taken for news.
  package var isDeparture: Bool

  package init(scope: ScopeName, seq: UInt64, isDeparture: Bool) {
    self.scope = scope
    self.seq = seq
    self.isDeparture = isDeparture
  }
}

extension Collection {
  /// The version that the view is built on: the highest number among the scopes that hold the entity. A departure from
  /// one scope does not count, so it cannot delete what another still holds.
  package func current<ScopeName>() -> HeldVersion<ScopeName>? where Element == HeldVersion<ScopeName> {
    var newest: HeldVersion<ScopeName>?
    for version in self where !version.isDeparture {
      if let seq = newest?.seq, seq >= version.seq { continue }
      newest = version
    }
    return newest
  }
}
