// Gathers what an erasure takes away, from the view of this device. It changes nothing.
import ReviewModel
import Storage
import SyncEngine
import Trust

struct ErasureGathering {
  private let reader: EntityReader
  private var targets: [Erasure.Target] = []
  private var seen: Set<EntityKey> = []
  private var titles: [String] = []

  init(_ reader: EntityReader) { self.reader = reader }

  /// Everything that was gathered.
  func erasure() throws(ClientError) -> Erasure {
    guard !targets.isEmpty else {
      throw ClientError(
        .notFound, "There is nothing to erase: what was named has no words any more.",
        remedy: "Look at it with show or members.")
    }
    return Erasure(targets: targets, titles: titles)
  }

  /// One entity, if it has words.
  mutating func add(_ value: EntityValue, campaign: CampaignID? = nil, post: SubjectID? = nil, title: String) {
    guard value.hasWords, seen.insert(value.key).inserted else { return }
    targets.append(Erasure.Target(key: value.key, campaign: campaign, post: post))
    if !titles.contains(title) { titles.append(title) }
  }

  /// Everything that was written in these posts and about them, and the items that no other post needs.
  mutating func add(posts: [SubjectEntity]) throws {
    for post in posts {
      let title = try title(of: post)
      for value in try words(of: post) { add(value, campaign: post.campaign, post: post.id, title: title) }
    }
    let going = Set(posts.map(\.id))
    for post in posts {
      guard let item = try post.item.flatMap({ try reader.item($0) }), try !isNeeded(item, without: going) else { continue }
      add(.item(item), campaign: post.campaign, title: try title(of: post))
    }
  }

  /// One revision and nothing else.
  mutating func add(_ revision: Digest, of post: SubjectEntity) throws {
    guard let held = try reader.revision(revision), held.subject == post.id else {
      throw ClientError(
        .notFound, "This device does not hold the revision \(revision.hex.prefix(16)) of this post.",
        remedy: "Sync, then look at the log of the post.")
    }
    add(.revision(held), campaign: post.campaign, post: post.id, title: try title(of: post))
  }

  /// Whether the rules would keep the text: it is what people decide on now, or what an editor works on.
  func isCurrent(_ revision: Digest, of post: SubjectEntity) throws -> Bool {
    guard post.withdrawnBy == nil else { return false }
    let drafted = try reader.draft(post.id)?.heads ?? []
    return (post.heads + drafted).contains(revision)
  }

  /// What was written in a post and about it, its item left out.
  private func words(of post: SubjectEntity) throws -> [EntityValue] {
    let id = post.id.bytes
    let written = try [EntityKind.revision, .decision, .comment].flatMap { try reader.children($0, of: id) }
    return (written + [.subject(post)]).filter(\.hasWords)
  }

  /// Whether a post still says what the item is about, once these are gone. What is said about an erased post later does not.
  private func isNeeded(_ item: ItemEntity, without going: Set<SubjectID>) throws -> Bool {
    try item.posts.contains { id in
      if going.contains(id) { return false }
      guard let post = try reader.subject(id), post.withdrawnBy != nil else { return true }
      return try reader.revisions(of: id).contains { !$0.isErased }
    }
  }

  /// The theme of a post, the title of a document; else the beginning of the id.
  private func title(of post: SubjectEntity) throws -> String {
    let theme = try post.item.flatMap { try reader.item($0) }?.shownTheme ?? ""
    guard theme.isEmpty else { return theme }
    let title = try post.heads.first.flatMap { try reader.reading($0, of: post).content }?.title ?? ""
    return title.isEmpty ? String(post.id.hex.prefix(ErasureMark.idDigits)) : title
  }
}
