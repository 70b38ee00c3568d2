// How ids and digests are written for people: short enough to type, long enough not to be forged.

/// Short forms.
enum ShortForm {
  /// Enough to tell the posts of a tenant apart.
  static let postDigits = 8
  /// Enough that nobody can make a second revision with the same beginning.
  static let revisionDigits = 16

  static func post(_ id: String) -> String { String(id.prefix(postDigits)) }
  static func revision(_ digest: String) -> String { String(digest.prefix(revisionDigits)) }

  /// `1a2b3c4d@89abcdef01234567`: what `approve` takes.
  static func target(post: String, revision: String) -> String { Self.post(post) + "@" + Self.revision(revision) }

  /// `comment/0123…` is "comment 01234567": what an erasure names, and what of it goes.
  static func erased(_ target: String) -> String {
    let pieces = target.split(separator: "/", maxSplits: 1)
    guard pieces.count == 2 else { return target }
    let (kind, id) = (String(pieces[0]), String(pieces[1]))
    let isDigest = kind == "revision" || kind == "device"
    return "\(wordsOfKind[kind] ?? kind) \(isDigest ? revision(id) : post(id))"
  }

  private static let wordsOfKind = [
    "subject": "withdrawal reason of", "decision": "reason of decision", "item": "theme", "member": "name of member",
    "device": "name of device", "campaign": "name of campaign", "pause": "reason of pause",
  ]

  /// `in_review` is "in review".
  static func words(_ name: String) -> String { String(name.map { $0 == "_" ? " " : $0 }) }

  static func style(ofState state: String) -> TextStyle {
    switch state {
    case "approved": .green
    case "rejected", "blocked", "conflicted": .red
    case "changes_requested", "held": .yellow
    case "withdrawn", "draft": .dim
    default: .plain
    }
  }
}

/// `1 post`, `2 posts`.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
