// Reads import files, strictly, and finds every fault at once.

/// Reads batches of posts from JSON and CSV.
public enum ImportReader {
  /// A whole import file in JSON.
  ///
  /// - Parameter campaign: its name, in place of the one that the file may have.
  public static func read(json: [UInt8], campaign: String? = nil) throws(ImportFaults) -> ImportFile {
    var reader = JSONReader(json)
    var check = ImportCheck()
    let file = check.file(try reader.document(), campaign: campaign)
    guard check.faults.isEmpty else { throw ImportFaults(check.sorted) }
    return file
  }

  /// Rows of posts in CSV with a header row; rows of one theme belong to one item.
  public static func read(csv: [UInt8], campaign: String) throws(ImportFaults) -> ImportFile {
    var rows = try CSVReader.rows(csv)[...]
    guard let header = rows.popFirst() else {
      throw ImportFaults([ImportFault(line: 1, path: "", problem: "The file is empty; begin it with a header row.")])
    }
    var table = ImportTable(header: header)
    for row in rows { table.add(row) }
    return try table.file(campaign: campaign)
  }
}

/// Gathers the faults of one file while its parts are checked.
struct ImportCheck {
  static let postsLimit = 10_000
  static let nameByteLimit = 200
  static let textByteLimit = 40_000
  static let altTextByteLimit = 8_000
  static let linkByteLimit = 2_000
  static let hashtagsLimit = 60
  static let mediaLimit = 20
  static let postsOfItemLimit = 50

  private(set) var faults: [ImportFault] = []
  private var postCount = 0

  var sorted: [ImportFault] {
    faults.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
  }

  mutating func fault(_ line: Int, _ path: String, _ problem: String) {
    faults.append(ImportFault(line: line, path: path, problem: problem))
  }

  // MARK: Values

  mutating func campaign(_ name: String, line: Int, path: String) {
    guard !Self.isBlank(name) else { return fault(line, path, "The campaign needs a name.") }
    if name.utf8.count > Self.nameByteLimit { fault(line, path, "The campaign's name has more than 200 bytes; shorten it.") }
  }

  mutating func item(_ item: ImportFile.Item, line: Int, path: String) {
    if Self.isBlank(item.theme) { fault(line, path + ".theme", "An item needs a theme.") }
    if item.theme.utf8.count > Self.nameByteLimit {
      fault(line, path + ".theme", "The theme has more than 200 bytes; shorten it.")
    }
    if item.canonical.utf8.count > Self.textByteLimit {
      fault(line, path + ".canonical", "The canonical text has more than 40,000 bytes; shorten it.")
    }
    if item.posts.count > Self.postsOfItemLimit { fault(line, path + ".posts", "An item has at most 50 posts.") }
    postCount += item.posts.count
    if postCount > Self.postsLimit, postCount - item.posts.count <= Self.postsLimit {
      fault(line, path, "A batch has at most 10,000 posts; split the file.")
    }
  }

  /// - Parameter lines: where its fields stand, if they have lines of their own.
  mutating func post(_ post: ImportFile.Post, line: Int, path: String, lines: [String: Int] = [:]) {
    if KnownPlatforms.textLimits[post.platform] == nil {
      let known = KnownPlatforms.names.joined(separator: ", ")
      fault(lines["platform"] ?? line, path + ".platform", "\"\(post.platform)\" is no known platform; use one of \(known).")
    }
    if Self.isBlank(post.text), post.media?.isEmpty ?? true {
      fault(lines["text"] ?? line, path + ".text", Self.textProblem)
    }
    if let problem = Self.lengthProblem(post.text, platform: post.platform) {
      fault(lines["text"] ?? line, path + ".text", problem)
    }
    if let problem = post.link.flatMap(Self.linkProblem) { fault(lines["link"] ?? line, path + ".link", problem) }
    lists(post, line: line, path: path, lines: lines)
    for (name, value) in [("account", post.account), ("locale", post.locale), ("arm", post.arm)] {
      if let value, value.utf8.count > Self.nameByteLimit {
        fault(lines[name] ?? line, path + ".\(name)", "This has more than 200 bytes; shorten it.")
      }
    }
    if let problem = post.altText.flatMap(Self.altTextProblem) {
      fault(lines["alt_text"] ?? line, path + ".alt_text", problem)
    }
  }

  private mutating func lists(_ post: ImportFile.Post, line: Int, path: String, lines: [String: Int]) {
    let hashtags = post.hashtags ?? []
    if let problem = Self.hashtagCountProblem(hashtags) { fault(lines["hashtags"] ?? line, path + ".hashtags", problem) }
    for (index, hashtag) in hashtags.enumerated() {
      if let problem = Self.hashtagProblem(hashtag) {
        fault(lines["hashtags"] ?? line, path + ".hashtags[\(index)]", problem)
      }
    }
    let media = post.media ?? []
    if media.count > Self.mediaLimit { fault(lines["media"] ?? line, path + ".media", "A post has at most 20 files.") }
    for (index, name) in media.enumerated()
    where Self.isBlank(name) || name.hasPrefix("/") || name.split(separator: "/").contains("..")
      || name.utf8.count > Self.nameByteLimit
    {
      fault(lines["media"] ?? line, path + ".media[\(index)]", "\"\(name)\" is no file beside the import file.")
    }
  }

  /// No two posts of one item for the same place.
  mutating func repetitions(_ posts: [(post: ImportFile.Post, line: Int, path: String)]) {
    var seen: Set<[String]> = []
    for (post, line, path) in posts {
      let place = [post.platform, post.account ?? "", post.locale ?? "", post.arm ?? ""]
      if !seen.insert(place).inserted {
        fault(
          line, path + ".platform", "This item has a post for \(post.platform) already; give it another account, locale or arm."
        )
      }
    }
  }

  static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
