// What a cache notes of a payload beside its bytes: what it belongs to, and which ledger entry it rests on.
import ReviewModel

package struct CacheTies: Sendable, Hashable {
  package var parent: [UInt8]?
  package var ledgerIndex: UInt64?

  /// Of a departure, or of a payload that this version cannot read, both are nil: such a row is kept for its digest, and
  /// whoever opens it says what is wrong with it.
  package init(kind: EntityKind, payload: [UInt8]?) {
    guard let payload else { return }
    do {
      let value = try EntityValue(kind: kind, payload: payload)
      parent = EntityParent.id(of: value)
      ledgerIndex = EntityParent.ledgerIndex(of: value)
    } catch {
      parent = nil
      ledgerIndex = nil
    }
  }
}
