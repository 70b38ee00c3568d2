// From JSON values to an import file: types, required and unknown fields, each fault with its line and path.

extension ImportCheck {
  private typealias Members = [String: JSONNode]

  mutating func file(_ node: JSONNode, campaign given: String? = nil) -> ImportFile {
    var file = ImportFile(campaign: "", items: [])
    guard let members = object(node, path: "", known: ["campaign", "items"]) else { return file }
    if let given {
      file.campaign = given
      self.campaign(given, line: node.line, path: "campaign")
    } else if let campaign = required("campaign", members, node, path: "") {
      file.campaign = campaign
      self.campaign(campaign, line: members["campaign"]?.line ?? node.line, path: "campaign")
    }
    guard let items = list("items", members, node, path: "", isRequired: true) else { return file }
    if items.isEmpty { fault(node.line, "items", "The file holds no items.") }
    for (index, item) in items.enumerated() {
      if let item = self.item(item, path: "items[\(index)]") { file.items.append(item) }
    }
    return file
  }

  private mutating func item(_ node: JSONNode, path: String) -> ImportFile.Item? {
    guard let members = object(node, path: path, known: ["theme", "canonical", "posts"]) else { return nil }
    let theme = required("theme", members, node, path: path)
    let canonical = text("canonical", members, path: path) ?? ""
    guard let nodes = list("posts", members, node, path: path, isRequired: true) else { return nil }
    let posts = nodes.enumerated().compactMap { index, node -> (post: ImportFile.Post, line: Int, path: String)? in
      let path = "\(path).posts[\(index)]"
      return post(node, path: path).map { ($0, node.line, path) }
    }
    if nodes.isEmpty { fault(members["posts"]?.line ?? node.line, path + ".posts", "An item needs at least one post.") }
    repetitions(posts)
    guard let theme else { return nil }
    let item = ImportFile.Item(theme: theme, canonical: canonical, posts: posts.map(\.post))
    self.item(item, line: node.line, path: path)
    return item
  }

  private mutating func post(_ node: JSONNode, path: String) -> ImportFile.Post? {
    let known = ["platform", "account", "locale", "arm", "text", "hashtags", "link", "media", "alt_text", "provenance"]
    guard let members = object(node, path: path, known: known) else { return nil }
    let platform = required("platform", members, node, path: path)
    let before = faults.count
    // A picture may stand alone; every other post says something.
    let hasMedia = members["media"] != nil
    let words = hasMedia ? text("text", members, path: path) ?? "" : required("text", members, node, path: path)
    let account = text("account", members, path: path)
    let locale = text("locale", members, path: path)
    let arm = text("arm", members, path: path)
    let link = text("link", members, path: path)
    let altText = text("alt_text", members, path: path)
    let hashtags = texts("hashtags", members, node, path: path)
    let media = texts("media", members, node, path: path)
    let provenance = members["provenance"].flatMap { self.provenance($0, path: path + ".provenance") }
    guard let platform else { return nil }
    let post = ImportFile.Post(
      platform: platform, account: account, locale: locale, arm: arm, text: words ?? "", hashtags: hashtags, link: link,
      media: media, altText: altText, provenance: provenance)
    // Faults of its types were told; checking its values as well would tell them twice.
    if faults.count == before { self.post(post, line: node.line, path: path, lines: members.mapValues(\.line)) }
    return post
  }

  private mutating func provenance(_ node: JSONNode, path: String) -> RevisionDetail.Provenance? {
    guard let members = object(node, path: path, known: ["agent", "prompt", "prompt_version", "model"]) else { return nil }
    return RevisionDetail.Provenance(
      agent: text("agent", members, path: path) ?? "", prompt: text("prompt", members, path: path) ?? "",
      promptVersion: text("prompt_version", members, path: path) ?? "", model: text("model", members, path: path) ?? "")
  }

  // MARK: Types

  private mutating func object(_ node: JSONNode, path: String, known: [String]) -> Members? {
    guard case .object(let members) = node.value else {
      fault(node.line, path, "Here an object must stand, not \(node.name).")
      return nil
    }
    for (key, value) in members where !known.contains(key) {
      fault(value.line, Self.path(path, key), "\"\(key)\" is not known here; known are \(known.joined(separator: ", ")).")
    }
    return Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func required(_ key: String, _ members: Members, _ node: JSONNode, path: String) -> String? {
    guard members[key] != nil else {
      fault(node.line, Self.path(path, key), "\"\(key)\" is missing.")
      return nil
    }
    return text(key, members, path: path)
  }

  private mutating func text(_ key: String, _ members: Members, path: String) -> String? {
    guard let node = members[key] else { return nil }
    guard case .text(let text) = node.value else {
      fault(node.line, Self.path(path, key), "Here a text must stand, not \(node.name).")
      return nil
    }
    return text
  }

  private mutating func list(
    _ key: String, _ members: Members, _ node: JSONNode, path: String, isRequired: Bool
  ) -> [JSONNode]? {
    guard let found = members[key] else {
      if isRequired { fault(node.line, Self.path(path, key), "\"\(key)\" is missing.") }
      return nil
    }
    guard case .array(let elements) = found.value else {
      fault(found.line, Self.path(path, key), "Here a list must stand, not \(found.name).")
      return nil
    }
    return elements
  }

  private mutating func texts(_ key: String, _ members: Members, _ node: JSONNode, path: String) -> [String]? {
    guard let elements = list(key, members, node, path: path, isRequired: false) else { return nil }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      if case .text(let text) = element.value {
        texts.append(text)
      } else {
        fault(element.line, "\(Self.path(path, key))[\(index)]", "Here a text must stand, not \(element.name).")
      }
    }
    return texts
  }

  private static func path(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }
}
