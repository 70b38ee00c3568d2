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

  /// What the first program knew that was ever given to anybody.
  package static let firstVersion: UInt32 = 1

  /// What the program knew that wrote this record. It is not believed that it did not know a kind which its rules know, nor that
  /// it was older than the oldest one: then today's rules decide.
  package init(of record: LeafRecord, body: [UInt8], oldest: UInt32 = firstVersion) {
    guard record.rulesVersion >= oldest else { return }
    version = record.rulesVersion
    // What cannot be read has no kind.
    guard record.outcome.code == .unsupported, case .known(let mutation) = try? Mutation.decode(body),
      mutation.firstRulesVersion > record.rulesVersion
    else { return }
    unknownKinds = [mutation.fieldNumber]
  }
}

extension Mutation {
  /// The first version of the rules that knows this kind; 0 for what no rules were ever without: who belongs to a tenant, and
  /// what must not wait. The first program had version 1, so a record of version 0 stands for something older than that.
  var firstRulesVersion: UInt32 {
    switch self {
    case .createTenant, .nameRoot, .inviteMember, .enrolDevice, .vouchDevice, .setRoles, .revokeDevice, .setPolicy, .pause,
      .resume:
      0
    case .createCampaign, .setCampaignMembers, .createItem, .createDocument, .stageBatch, .importBatch, .revise, .merge,
      .withdraw, .erase, .submit, .decide, .withdrawDecision, .comment, .editComment, .resolveThread, .assignReviewer,
      .delegate:
      1
    }
  }
}
