// What a list says of a subject, made from the entities it rests on.
import ReviewModel
import ReviewRules
import Storage
import Trust

package enum SubjectIndexing {
  /// What an index row is made from.
  package struct Source: Sendable {
    package var subject: SubjectEntity
    /// The first head, if it is held.
    package var revision: RevisionEntity?
    package var item: ItemEntity?
    package var campaign: CampaignEntity?
    /// Whose device this is, if it is known.
    package var member: MemberEntity?
    package var isPending: Bool

    package init(
      subject: SubjectEntity, revision: RevisionEntity?, item: ItemEntity?, campaign: CampaignEntity?,
      member: MemberEntity?, isPending: Bool
    ) {
      self.subject = subject
      self.revision = revision
      self.item = item
      self.campaign = campaign
      self.member = member
      self.isPending = isPending
    }
  }

  package static func row(_ source: Source) -> SubjectIndexRow {
    let subject = source.subject
    // Hashed once, when the row is made: a text that is not what its digest names is never listed or found.
    let content = subject.heads.first.flatMap { RevisionReading(source.revision, named: $0, of: subject).content }
    return SubjectIndexRow(
      subject: subject.id, item: subject.item, campaign: subject.campaign, campaignName: source.campaign?.name ?? "",
      platform: subject.target.platform, account: subject.target.account, locale: subject.target.locale,
      documentKind: subject.documentKind, state: SubjectState.derive(from: subject).rawValue,
      revision: subject.heads.first ?? .zero,
      title: subject.isDocument ? content?.title ?? "" : source.item?.content.theme ?? "", text: content?.text ?? "",
      updatedMilliseconds: subject.updatedMilliseconds,
      waitsForMe: source.member.map { SubjectState.waits(subject, for: $0) } ?? false, isPending: source.isPending)
  }
}
