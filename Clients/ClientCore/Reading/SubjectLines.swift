// From lines of the cache's index to what front ends list: ids and times as text, written once while they repeat.
import ReviewModel
import Storage
import Trust

/// Makes summaries of many lines. Lists of ten thousand are made here, most of one campaign and many of one moment.
struct SubjectLines {
  private let wordless: WordlessLines
  private var campaign: (id: CampaignID, hex: String)?
  private var time: (milliseconds: UInt64, text: String)?

  init(wordless: WordlessLines) { self.wordless = wordless }

  mutating func summary(_ row: SubjectIndexRow) -> SubjectSummary {
    SubjectSummary(
      post: row.subject.hex, item: row.item?.hex ?? "", campaign: campaignName(row),
      campaignID: hex(row.campaign), platform: row.platform, account: row.account, locale: row.locale,
      documentKind: row.documentKind, state: row.state, revision: row.revision.hex, title: row.title,
      text: row.text, updatedAt: text(row.updatedMilliseconds), waitsForMe: row.waitsForMe, isPending: row.isPending,
      isErased: row.text.isEmpty && wordless.erased.contains(row.subject),
      problem: row.text.isEmpty ? wordless.problems[row.subject]?.rawValue ?? "" : "")
  }

  private func campaignName(_ row: SubjectIndexRow) -> String {
    let isErased = row.campaignName.isEmpty && wordless.campaigns.contains(row.campaign)
    return isErased ? ErasureMark.name(.campaign(row.campaign)) : row.campaignName
  }

  private mutating func hex(_ id: CampaignID) -> String {
    if let campaign, campaign.id == id { return campaign.hex }
    let hex = id.hex
    campaign = (id, hex)
    return hex
  }

  private mutating func text(_ milliseconds: UInt64) -> String {
    if let time, time.milliseconds == milliseconds { return time.text }
    let text = Timestamp.text(milliseconds)
    time = (milliseconds, text)
    return text
  }
}
