// A line of the cache's index, as columns of its table and back.
import GRDB
import ReviewModel
import Storage
import Trust

extension SubjectIndexRow {
  static let selection = """
    SELECT subject, item, campaign, campaign_name, platform, account, locale, document_kind, state, revision, title, text,
      updated_milliseconds, waits_for_me, is_pending
    FROM subject_index
    """

  /// Writes so many lines, new or known.
  static func insertion(_ count: Int) -> String {
    let line = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    return """
      INSERT INTO subject_index (
        subject, item, campaign, campaign_name, platform, account, locale, document_kind, state, revision, title, text,
        updated_milliseconds, waits_for_me, is_pending
      ) VALUES \(Array(repeating: line, count: count).joined(separator: ", "))
      ON CONFLICT (subject) DO UPDATE SET
        item = excluded.item, campaign = excluded.campaign, campaign_name = excluded.campaign_name,
        platform = excluded.platform, account = excluded.account, locale = excluded.locale,
        document_kind = excluded.document_kind, state = excluded.state, revision = excluded.revision, title = excluded.title,
        text = excluded.text, updated_milliseconds = excluded.updated_milliseconds, waits_for_me = excluded.waits_for_me,
        is_pending = excluded.is_pending
      """
  }

  init(columns row: ClientRow) throws(StorageError) {
    guard let subject: SubjectID = row.identifier(0), let campaign: CampaignID = row.identifier(2),
      let revision = row.digest(9)
    else {
      throw StorageError(.damaged, "A line of the cache's index is damaged; the cache must be fetched again.")
    }
    self.init(
      subject: subject, item: row.identifier(1), campaign: campaign,
      campaignName: row.text(3), platform: row.text(4), account: row.text(5), locale: row.text(6), documentKind: row.text(7),
      state: row.text(8), revision: revision, title: row.text(10), text: row.text(11), updatedMilliseconds: row.unsigned(12),
      waitsForMe: row.bool(13), isPending: row.bool(14))
  }

  func arguments(subject: SubjectID) -> StatementArguments {
    [
      subject.bytes.clientBlob, item?.bytes.clientBlob, campaign.bytes.clientBlob, campaignName, platform, account, locale,
      documentKind, state, revision.bytes.clientBlob, title, text, updatedMilliseconds.clientInteger, waitsForMe, isPending,
    ]
  }
}
