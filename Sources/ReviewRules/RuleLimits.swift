// How much of anything one mutation may bring. Bytes are those of UTF-8.

package enum RuleLimits {
  package static let textByteCount = 40_000
  package static let nameByteCount = 200
  package static let remarkByteCount = 8_000
  package static let linkByteCount = 2_000
  package static let targets = 100
  package static let postsOfItem = 50
  package static let hashtags = 60
  package static let media = 20
  package static let membersNamed = 1_000
  package static let replacedDecisions = 100
  /// Decisions of a subject that were named as replaced before they arrived.
  package static let replacedEarly = 200
  package static let heads = 8
  /// How many revisions are walked through in search of a common ancestor.
  package static let ancestors = 256
  /// How many generations back that search goes. A change of something older must be made again on what is current.
  package static let generations = 48
  /// Devices that one device may vouch for.
  package static let vouchedDevices = 16
  /// Devices in a row of which each rests on the word of the one before. A copied device takes a new identity on the old one's
  /// word, so honest rows grow with every renewal; an invitation, or an admin's word, begins a new one.
  package static let vouchingDepth = 32
  /// Devices that the record of one revocation links; beyond that it links only the one that it names.
  package static let linkedDevices = 500
  /// Rounds of loading that any rule needs beside those of what it walks through. The longest walk and these must be fewer than
  /// the rounds that whoever decides allows, or the outcome would depend on what was loaded before.
  package static let otherRounds = 8
  /// Parts that the words of one entity may have come in: edits of a comment, invitations of a member.
  package static let partsOfEntity = 500
  /// The payload of an entity that devices hold: below what a frame takes of one.
  package static let entityByteCount = 62_000
  /// The part of a revision that the server merged; above it both revisions stay. It can still be revised: an envelope
  /// takes a part of this size beside its own bytes.
  package static let mergedPartByteCount = 60_000
  /// What one record in the ledger links; with the outcomes of all targets it then fits into a frame.
  package static let touched = 1_000
  /// Decisions that stand on one subject: everything else that it may hold then fits beside them.
  package static let standingDecisions = 300
}
