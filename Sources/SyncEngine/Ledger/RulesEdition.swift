// Which rules decide: today's, or, where a ledger is replayed that older programs have written, what those knew.
import ReviewModel
import ReviewRules

package struct RulesEdition: Sendable, Hashable {
  /// Named by the record of every entry.
  package var version = Rules.version
  /// Fields of `Mutation` that these rules do not know yet.
  package var unknownKinds: Set<Int> = []

  package init() {}

  /// Whether a body is of a kind that these rules can decide. One that is not canonical is for the rules to name.
  func knows(_ body: [UInt8]) -> Bool {
    switch try? Mutation.decode(body) {  // As above.
    case .known(let mutation): !unknownKinds.contains(mutation.fieldNumber)
    case .unsupported: false
    case nil: true
    }
  }

  /// What the program knew that wrote this record.
  package init(of record: LeafRecord, body: [UInt8]) {
    version = record.rulesVersion
    // What cannot be read has no kind.
    guard record.outcome.code == .unsupported, case .known(let mutation) = try? Mutation.decode(body) else { return }
    unknownKinds = [mutation.fieldNumber]
  }
}
