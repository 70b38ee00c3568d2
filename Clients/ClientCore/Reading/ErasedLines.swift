// The index of subjects says what a text is, not why there is none: lines that lack words are looked at once more.
import ReviewModel
import Storage
import Trust

/// Which lines lack words because these were erased.
struct ErasedLines: Sendable {
  private(set) var revisions: Set<Digest> = []
  private(set) var campaigns: Set<CampaignID> = []

  init() {}

  init(_ rows: [SubjectIndexRow], _ reader: EntityReader) throws {
    let keys = Self.wordless(rows)
    guard !keys.isEmpty else { return }
    for entity in try reader.entities(Array(keys)).values where entity.value.isErased {
      switch entity.value {
      case .revision(let revision): revisions.insert(revision.digest)
      case .campaign(let campaign): campaigns.insert(campaign.id)
      default: continue
      }
    }
  }

  /// Hardly ever any: a revision may consist of pictures alone.
  private static func wordless(_ rows: [SubjectIndexRow]) -> Set<EntityKey> {
    rows.withUnsafeBufferPointer { rows in
      // Safe: the rows are lent for the call. To take one out would copy all its strings, to look at two of its fields.
      var keys: Set<EntityKey> = []
      for place in rows.indices {
        if rows[place].text.isEmpty { keys.insert(.revision(rows[place].revision)) }
        if rows[place].campaignName.isEmpty { keys.insert(.campaign(rows[place].campaign)) }
      }
      return keys
    }
  }
}
