// What an erasure takes away: gathered first, so that whoever confirms it knows, and then erased exactly so.
import ReviewModel
import ReviewRules

/// What an erasure takes away, exactly: made by `Profile.erasure(of…)`, carried out by `Profile.erase`.
public struct Erasure: Sendable, Hashable {
  /// One entity whose words go.
  struct Target: Sendable, Hashable {
    var key: EntityKey
    /// Nil for what belongs to the tenant as a whole.
    var campaign: CampaignID?
    /// The post that it was written in or about, if it was.
    var post: SubjectID?
  }

  let targets: [Target]
  /// What it is about: themes of posts, or names of members or devices, each once.
  public let titles: [String]

  /// What goes, counted: `3 revisions, 2 comments, 1 reason`.
  public var contents: String { Self.counted(targets.map(\.key.kind)) }

  /// Groups of one campaign (or of none) each, at most as many as one mutation may name.
  var groups: [[EntityKey]] {
    var groups: [[EntityKey]] = []
    var open: [CampaignID?: Int] = [:]
    for target in targets {
      if let index = open[target.campaign], groups[index].count < RuleLimits.targets {
        groups[index].append(target.key)
      } else {
        open[target.campaign] = groups.count
        groups.append([target.key])
      }
    }
    return groups
  }

  // MARK: Counting

  private static let nouns = ["revision", "comment", "reason", "theme", "name"]

  static func counted(_ kinds: [EntityKind]) -> String {
    let counts = Dictionary(grouping: kinds, by: noun(of:)).mapValues(\.count)
    return nouns.compactMap { noun in counts[noun].map { "\($0) \(noun)\($0 == 1 ? "" : "s")" } }.joined(separator: ", ")
  }

  private static func noun(of kind: EntityKind) -> String {
    switch kind {
    case .revision: "revision"
    case .comment: "comment"
    case .subject, .decision, .pause: "reason"
    case .item: "theme"
    default: "name"
    }
  }
}
