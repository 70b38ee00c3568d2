// What the importer refuses of a post is refused of its next revision as well, in the same words. Only what an edit gives is
// looked at: a field that stays was let in before.
import ReviewModel

extension RevisionEdit {
  /// With hashtags as single words without #, however they were typed.
  var normalized: RevisionEdit {
    var edit = self
    edit.hashtags = hashtags.map { $0.flatMap(ImportCheck.hashtags) }
    return edit
  }

  /// - Parameters:
  ///   - content: what it is an edit of.
  ///   - others: the further versions that it ends.
  func requireFit(for content: RevisionContent, and others: [RevisionContent] = []) throws(ClientError) {
    let hadWords = ([content] + others).allSatisfy { !ImportCheck.isBlank($0.text) }
    guard let problem = problems(for: content, hadWords: hadWords).first else { return }
    throw ClientError(.badInput, problem, remedy: "Correct it and try again; nothing was changed.")
  }

  private func problems(for content: RevisionContent, hadWords: Bool) -> [String] {
    // Documents have no platform, and the rules alone say how long they may be.
    let platform = content.target.platform
    // A picture may stand alone that always did; whoever had something to say does not fall silent by a slip.
    let silence = !platform.isEmpty && hadWords && text.map(ImportCheck.isBlank) == true ? ImportCheck.textProblem : nil
    let words = platform.isEmpty ? nil : text.flatMap { ImportCheck.lengthProblem($0, platform: platform) }
    // An empty link takes the link away.
    let address = link.flatMap { $0.isEmpty ? nil : ImportCheck.linkProblem($0) }
    let description = altText.flatMap(ImportCheck.altTextProblem)
    let tags = hashtags ?? []
    let count = ImportCheck.hashtagCountProblem(tags)
    // An empty one is what a post has.
    let name = !platform.isEmpty && title?.isEmpty == false ? "A post has no title; only documents have one." : nil
    return [name, silence, words, address, description, count].compactMap { $0 } + tags.compactMap(ImportCheck.hashtagProblem)
  }
}

extension ImportCheck {
  /// The single hashtags in what somebody typed: between spaces, commas or semicolons, without #.
  static func hashtags(_ typed: String) -> [String] {
    typed.split { $0 == ";" || $0 == "," || $0.isWhitespace }
      .map { word in String(word.drop { $0 == "#" }) }
      .filter { !$0.isEmpty }
  }

  static let textProblem = "A post needs a text."

  static func lengthProblem(_ text: String, platform: String) -> String? {
    let limit = KnownPlatforms.textLimits[platform] ?? textByteLimit
    guard text.count > limit || text.utf8.count > textByteLimit else { return nil }
    return "The text has \(text.count) characters; \(platform) takes at most \(limit)."
  }

  static func linkProblem(_ link: String) -> String? {
    isAddress(link) ? nil : "\"\(link)\" is no address; write it with https:// in front."
  }

  static func altTextProblem(_ text: String) -> String? {
    text.utf8.count > altTextByteLimit ? "The description has more than 8,000 bytes; shorten it." : nil
  }

  static func hashtagCountProblem(_ hashtags: [String]) -> String? {
    hashtags.count > hashtagsLimit ? "A post has at most 60 hashtags." : nil
  }

  static func hashtagProblem(_ hashtag: String) -> String? {
    let isWord =
      !isBlank(hashtag) && !hashtag.hasPrefix("#") && !hashtag.contains(where: \.isWhitespace)
      && hashtag.utf8.count <= nameByteLimit
    return isWord ? nil : "\"\(hashtag)\" is no hashtag; write one word without #."
  }

  private static func isAddress(_ link: String) -> Bool {
    guard link.utf8.count <= linkByteLimit, !link.contains(where: { $0.isWhitespace || $0.isNewline }) else { return false }
    for scheme in ["https://", "http://"] where link.lowercased().hasPrefix(scheme) {
      let host = link.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      return !host.isEmpty
    }
    return false
  }
}
