// Which entity another one belongs to, so that a store can find a subject's revisions, decisions, threads and comments.
import ReviewModel

package enum EntityParent {
  /// The id of what the value belongs to: its subject, or for subjects and items their campaign; nil for the rest.
  package static func id(of value: EntityValue) -> [UInt8]? {
    switch value {
    case .item(let item): item.campaign.bytes
    case .subject(let subject): subject.campaign.bytes
    case .revision(let revision): revision.subject.bytes
    case .draft(let draft): draft.subject.bytes
    case .decision(let decision): decision.subject.bytes
    case .thread(let thread): thread.subject.bytes
    case .comment(let comment): comment.subject.bytes
    case .device(let device): device.member.bytes
    case .batch(let batch): batch.campaign.bytes
    case .tenant, .member, .invitation, .campaign, .stage, .pause: nil
    }
  }

  /// The ledger entry that an entity rests on, nil if it names none.
  package static func ledgerIndex(of value: EntityValue) -> UInt64? {
    switch value {
    case .device(let device): device.enrolledIndex
    case .invitation(let invitation): invitation.invitedIndex
    case .revision(let revision): revision.ledgerIndex
    case .decision(let decision): decision.ledgerIndex
    default: nil
    }
  }
}
