// What a cache notes of a payload beside its bytes: what it belongs to, which ledger entry it rests on, and whether its words
// were erased.
import ReviewModel

package struct CacheTies: Sendable, Hashable {
  package var parent: [UInt8]?
  package var ledgerIndex: UInt64?
  /// Then no earlier words of the entity may stay anywhere.
  package var isErased = false

  /// A departure, or a payload that this version cannot read, has none of them: such a row is kept for its digest, and
  /// whoever opens it says what is wrong with it.
  package init(kind: EntityKind, payload: [UInt8]?) {
    guard let payload else { return }
    do {
      let value = try EntityValue(kind: kind, payload: payload)
      parent = EntityParent.id(of: value)
      ledgerIndex = EntityParent.ledgerIndex(of: value)
      isErased = value.isErased
    } catch {
      parent = nil
      ledgerIndex = nil
      isErased = false
    }
  }
}
