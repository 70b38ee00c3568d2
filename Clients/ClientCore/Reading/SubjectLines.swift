// From lines of the cache's index to what front ends list: ids and times as text, written once while they repeat.
import ReviewModel
import Storage
import Trust

/// Makes summaries of many lines. Lists of ten thousand are made here, most of one campaign and many of one moment.
struct SubjectLines {
  private var campaign: (id: CampaignID, hex: String)?
  private var time: (milliseconds: UInt64, text: String)?

  mutating func summary(_ row: SubjectIndexRow) -> SubjectSummary {
    SubjectSummary(
      post: Self.hex(row.subject.bytes), item: row.item.map { Self.hex($0.bytes) } ?? "", campaign: row.campaignName,
      campaignID: hex(row.campaign), platform: row.platform, account: row.account, locale: row.locale,
      documentKind: row.documentKind, state: row.state, revision: Self.hex(row.revision.bytes), title: row.title,
      text: row.text, updatedAt: text(row.updatedMilliseconds), waitsForMe: row.waitsForMe, isPending: row.isPending)
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

  /// Two lower-case digits a byte, written straight into the string.
  private static func hex(_ bytes: [UInt8]) -> String {
    // Safe: the string lends room for at least so many bytes, and each of them is written.
    String(unsafeUninitializedCapacity: bytes.count * 2) { text in
      for (index, byte) in bytes.enumerated() {
        text.initializeElement(at: 2 * index, to: digit(byte >> 4))
        text.initializeElement(at: 2 * index + 1, to: digit(byte & 15))
      }
      return bytes.count * 2
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}

extension SubjectSummary {
  init(_ row: SubjectIndexRow) {
    var lines = SubjectLines()
    self = lines.summary(row)
  }
}
