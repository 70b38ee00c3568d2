// From the rows of a CSV file to an import file: columns by the header's names, rows of one theme as one item.

struct ImportTable {
  private static let columns = [
    "theme", "canonical", "platform", "account", "locale", "arm", "text", "hashtags", "link", "media", "alt_text", "agent",
    "prompt", "prompt_version", "model",
  ]
  private static let required = ["theme", "platform", "text"]

  private typealias Entry = (post: ImportFile.Post, line: Int, path: String)

  private var check = ImportCheck()
  private let header: [String]
  private var themes: [String] = []
  private var canonicals: [String: String] = [:]
  private var entries: [String: [Entry]] = [:]
  private var rowCount = 0

  init(header: CSVReader.Row) {
    self.header = header.fields.map { $0.trimmed }
    var seen: Set<String> = []
    for name in self.header {
      if !Self.columns.contains(name) {
        check.fault(header.line, name, "\"\(name)\" is no known column; known are \(Self.columns.joined(separator: ", ")).")
      } else if !seen.insert(name).inserted {
        check.fault(header.line, name, "The column \"\(name)\" stands twice.")
      }
    }
    for name in Self.required where !seen.contains(name) {
      check.fault(header.line, name, "The column \"\(name)\" is missing.")
    }
  }

  mutating func add(_ row: CSVReader.Row) {
    let path = "rows[\(rowCount)]"
    rowCount += 1
    guard row.fields.count == header.count else {
      return check.fault(row.line, path, "The row has \(row.fields.count) fields and the header \(header.count).")
    }
    let fields = Dictionary(zip(header, row.fields), uniquingKeysWith: { first, _ in first })
    func value(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
    let theme = value("theme") ?? ""
    if let canonical = value("canonical") {
      if let known = canonicals[theme], known != canonical {
        check.fault(row.line, path + ".canonical", "The item \"\(theme)\" has another canonical text above.")
      }
      canonicals[theme] = canonical
    }
    let names = ["agent", "prompt", "prompt_version", "model"].map { value($0) ?? "" }
    let provenance =
      names.allSatisfy(\.isEmpty)
      ? nil
      : RevisionDetail.Provenance(agent: names[0], prompt: names[1], promptVersion: names[2], model: names[3])
    let post = ImportFile.Post(
      platform: value("platform") ?? "", account: value("account"), locale: value("locale"), arm: value("arm"),
      text: value("text") ?? "", hashtags: value("hashtags").map(Self.words), link: value("link"),
      media: value("media").map(Self.names), altText: value("alt_text"), provenance: provenance)
    if header.contains("platform") { check.post(post, line: row.line, path: path) }
    if entries[theme] == nil {
      themes.append(theme)
      if ImportCheck.isBlank(theme), header.contains("theme") {
        check.fault(row.line, path + ".theme", "An item needs a theme.")
      }
    }
    entries[theme, default: []].append((post, row.line, path))
  }

  /// Of the rows, by item and post.
  var lines: [[Int]] { themes.map { theme in (entries[theme] ?? []).map(\.line) } }

  mutating func file(campaign: String) throws(ImportFaults) -> ImportFile {
    check.campaign(campaign, line: 1, path: "campaign")
    if rowCount == 0 { check.fault(1, "", "The file holds no posts.") }
    var file = ImportFile(campaign: campaign, items: [])
    for theme in themes {
      let posts = entries[theme] ?? []
      check.repetitions(posts)
      let item = ImportFile.Item(theme: theme, canonical: canonicals[theme] ?? "", posts: posts.map(\.post))
      if !ImportCheck.isBlank(theme), let first = posts.first { check.item(item, line: first.line, path: first.path) }
      file.items.append(item)
    }
    guard check.faults.isEmpty else { throw ImportFaults(check.sorted) }
    return file
  }

  /// Separated by spaces or semicolons.
  private static func words(_ text: String) -> [String] {
    text.split { $0 == ";" || $0.isWhitespace }.map(String.init)
  }

  /// Separated by semicolons alone: names of files may hold spaces.
  private static func names(_ text: String) -> [String] {
    text.split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
