// An import file and the pictures and films beside it.
import ClientCore

/// Reads an import file, and measures the media that it names.
struct ImportSource {
  /// Media types by the endings of file names.
  static let kinds: [String: String] = [
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "heic": "image/heic", "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "pdf": "application/pdf",
  ]

  let path: String
  let campaign: String?

  init(path: String, campaign: String?) throws {
    self.path = path
    self.campaign = campaign
    if isCSV && campaign == nil {
      throw CommandFailure(.usage, "campaign_missing", "A CSV file has no campaign in it.", remedy: "Name one by --campaign.")
    }
  }

  private var isCSV: Bool { path.lowercased().hasSuffix(".csv") }

  /// What helps: the ending alone says what a file is, and a table without it is no JSON.
  private var remedy: String {
    if isCSV || path.lowercased().hasSuffix(".json") { return Self.correctIt }
    return "It was read as JSON, because its name ends in neither .json nor .csv. Rename it if it is a table. " + Self.correctIt
  }

  private static let correctIt = "Correct them and import the file again."

  /// The batch.
  ///
  /// - Throws: a usage failure with every fault as `file:line: path: problem`.
  func read() throws -> ImportFile {
    let bytes = try FileBytes.read(path)
    do {
      if isCSV, let campaign { return try ImportReader.read(csv: bytes, campaign: campaign) }
      return try ImportReader.read(json: bytes, campaign: campaign)
    } catch { throw failure(error.faults.map { Self.line($0, file: path) }, remedy: remedy) }
  }

  /// Digest, size and kind of every file that posts name, by that name.
  func media(of batch: ImportFile) throws -> [String: ImportMedia] {
    var found: [String: ImportMedia] = [:]
    var faults: [(item: Int, post: Int, problem: String)] = []
    for (item, post, name) in Self.names(in: batch) where found[name] == nil {
      guard Self.isPlainName(name) else {
        faults.append((item, post, "\(name) is no plain file name; media lie beside the import file"))
        continue
      }
      let beside = path.lastIndex(of: "/").map { path[...$0] + name } ?? name
      guard let kind = Self.kind(of: name) else {
        faults.append(
          (item, post, "\(name) is of no known kind; known are \(Self.kinds.keys.sorted().joined(separator: ", "))"))
        continue
      }
      guard FileBytes.exists(beside) else {
        faults.append((item, post, "\(name) does not lie beside the import file"))
        continue
      }
      let measured = try FileBytes.measure(beside)
      found[name] = (measured.digest, measured.size, kind)
    }
    if !faults.isEmpty { throw failure(placed(faults), remedy: Self.correctIt) }
    return found
  }

  /// With their lines, for which the file is read again; without, should it be gone by now.
  private func placed(_ faults: [(item: Int, post: Int, problem: String)]) -> [String] {
    let lines = (try? mediaLines()) ?? []  // The fault is told all the same, by its path alone.
    return faults.map { item, post, problem in
      let place = "items[\(item)].posts[\(post)].media"
      let line = item < lines.count && post < lines[item].count ? ":\(lines[item][post])" : ""
      return "\(SafeText.line(path))\(line): \(place): \(SafeText.line(problem))"
    }
  }

  private func mediaLines() throws -> [[Int]] {
    let bytes = try FileBytes.read(path)
    return try isCSV ? ImportReader.mediaLines(csv: bytes) : ImportReader.mediaLines(json: bytes)
  }

  /// `posts.json:12: items[2].posts[0].platform: there is no platform "y"`.
  static func line(_ fault: ImportFault, file: String) -> String {
    let place = fault.path.isEmpty ? "" : " \(SafeText.line(fault.path)):"
    return "\(SafeText.line(file)):\(fault.line):\(place) \(SafeText.line(fault.problem))"
  }

  static func kind(of name: String) -> String? {
    name.lastIndex(of: ".").flatMap { kinds[name[name.index(after: $0)...].lowercased()] }
  }

  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
  }

  private static func names(in batch: ImportFile) -> [(item: Int, post: Int, name: String)] {
    batch.items.enumerated().flatMap { item, content in
      content.posts.enumerated().flatMap { post, content in (content.media ?? []).map { (item, post, $0) } }
    }
  }

  private func failure(_ lines: [String], remedy: String) -> CommandFailure {
    CommandFailure(
      .usage, "import_faults", "\(SafeText.line(path)) has \(counted(lines.count, "fault")); nothing was imported.",
      remedy: remedy, details: lines)
  }
}
