// What the Merkle log holds of a mutation: hashed, stored and sent as the same bytes.
import Trust

/// Something that an entry touched, with the entry that touched it before: a chain that can be followed leaf by leaf.
package struct TouchedEntity: CanonicalMessage, Hashable {
  package var kind: EntityKind = .subject
  package var id: [UInt8] = []
  /// Nil the first time.
  package var previousIndex: UInt64?

  package init() {}

  package init(key: EntityKey, previousIndex: UInt64?) {
    kind = key.kind
    id = key.id
    self.previousIndex = previousIndex
  }

  package var key: EntityKey { EntityKey(kind: kind, id: id) }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &kind)
    try coder.field(2, &id)
    try coder.field(3, &previousIndex)
  }
}

/// The record of one ledger entry. Its leaf hash is SHA-256(0x00 ‖ these bytes).
package struct LeafRecord: CanonicalMessage, Hashable {
  package var envelopeHash: Digest = .zero
  package var outcome = Outcome()
  package var serverMilliseconds: UInt64 = 0
  package var rulesVersion: UInt32 = 0
  /// The version of the time zone database, empty while nothing depends on one.
  package var timeZoneVersion = ""
  /// Every subject, policy holder (tenant, campaign), member and device that was touched; ascending by key.
  package var touched: [TouchedEntity] = []

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &envelopeHash)
    try coder.field(2, &outcome)
    try coder.field(3, &serverMilliseconds)
    try coder.field(4, &rulesVersion)
    try coder.field(5, &timeZoneVersion)
    try coder.field(6, &touched)
  }
}
