// Reading the parts that a mutation names: there, of the right kind, of fair length, and saying what the body says.
import ReviewModel
import Trust

/// What a revision's content must agree with.
struct RevisionExpectation {
  var subject: SubjectID
  var target: PostTarget
  var isDocument: Bool
  /// These must be the authors.
  /// Nil if it is not known any more who they must be, because the words were erased that say it.
  var authors: Set<MemberID>?
  /// This one may be among them too.
  var furtherAuthor: MemberID?
  var parents: [Digest]

  init(subject: SubjectID, target: PostTarget, isDocument: Bool, author: MemberID, parents: [Digest]) {
    self.subject = subject
    self.target = target
    self.isDocument = isDocument
    authors = [author]
    self.parents = parents
  }
}

/// What a revision says, with the part that says it.
struct RevisionWords {
  var part: Part
  var content: RevisionContent
}

/// A revision whose part was there and in order, or was erased since.
struct GivenRevision {
  var digest: Digest
  var parents: [Digest]
  /// Nil if they were erased.
  var words: RevisionWords?

  init(_ words: RevisionWords) {
    digest = words.part.digest
    parents = words.content.parents
    self.words = words
  }

  init(erased digest: Digest, parents: [Digest]) {
    self.digest = digest
    self.parents = parents
  }
}

/// An item's content whose part was there and in order, or was erased since: then it is empty.
struct GivenItem {
  var content: ItemContent
  /// The part that it came in; none if it says nothing.
  var partDigests: [Digest]
}

/// A text whose part was there and in order, or was erased since: then it is empty.
struct GivenText {
  var text = ""
  /// The part that it came in; none if it says nothing.
  var partDigests: [Digest] = []
  private var isErased = false

  /// Nothing was given.
  init() {}

  init(_ text: String, in digest: Digest) {
    self.text = text
    partDigests = text.isEmpty ? [] : [digest]
  }

  init(erased digest: Digest) {
    partDigests = [digest]
    isErased = true
  }

  /// Whether it says nothing; what was erased has said something.
  var isBlank: Bool { !isErased && WordTokens.isBlank(text) }

  /// Whether it is this very text; what was erased was another one.
  func reads(as other: String) -> Bool { !isErased && text.utf8.elementsEqual(other.utf8) }
}

extension PartSet {
  /// A text that must not be empty.
  func name(_ digest: Digest) throws(Halt) -> GivenText {
    let name = try text(digest, kind: .name, byteLimit: RuleLimits.nameByteCount)
    guard !name.isBlank else { throw .refused(.nameRequired) }
    return name
  }

  /// Empty if none was given.
  func reason(_ digest: Digest?) throws(Halt) -> GivenText {
    guard let digest else { return GivenText() }
    return try text(digest, kind: .reason, byteLimit: RuleLimits.remarkByteCount)
  }

  func text(_ digest: Digest, kind: PartKind, byteLimit: Int) throws(Halt) -> GivenText {
    if isErased(digest) { return GivenText(erased: digest) }
    let part = try part(digest, kind: kind)
    guard let text = part.text else { throw .refused(.partMismatch) }
    guard text.utf8.count <= byteLimit else { throw .refused(.tooLarge) }
    return GivenText(text, in: digest)
  }

  func item(_ digest: Digest) throws(Halt) -> GivenItem {
    if isErased(digest) { return GivenItem(content: ItemContent(), partDigests: [digest]) }
    let bytes = try part(digest, kind: .itemContent).content
    guard let content = try? ItemContent(canonical: bytes) else {  // why it is not canonical helps nobody here
      throw .refused(.partMismatch)
    }
    guard content.theme.utf8.count <= RuleLimits.nameByteCount,
      content.canonicalText.utf8.count <= RuleLimits.textByteCount
    else { throw .refused(.tooLarge) }
    return GivenItem(content: content, partDigests: content == ItemContent() ? [] : [digest])
  }

  func revision(_ digest: Digest, _ expected: RevisionExpectation) throws(Halt) -> GivenRevision {
    if isErased(digest) { return GivenRevision(erased: digest, parents: expected.parents) }
    let part = try part(digest, kind: .revision)
    guard let content = try? RevisionContent(canonical: part.content),  // as above
      Self.agrees(content, with: expected)
    else { throw .refused(.partMismatch) }
    try Self.requireFairSize(content)
    guard !content.isEmpty(isDocument: expected.isDocument) else { throw .refused(.emptyContent) }
    return GivenRevision(RevisionWords(part: part, content: content))
  }

  private func isErased(_ digest: Digest) -> Bool { self[digest] == nil && erased.contains(digest) }

  private func part(_ digest: Digest, kind: PartKind) throws(Halt) -> Part {
    guard let part = self[digest] else { throw .refused(.partMissing) }
    guard part.kind == kind else { throw .refused(.partMismatch) }
    return part
  }

  private static func agrees(_ content: RevisionContent, with expected: RevisionExpectation) -> Bool {
    var authors = Set(content.authors)
    guard authors.count == content.authors.count else { return false }
    if let further = expected.furtherAuthor, expected.authors?.contains(further) == false { authors.remove(further) }
    return content.subject == expected.subject && content.target.encoded() == expected.target.encoded()
      && authors == expected.authors ?? authors && content.parents == expected.parents
      && (expected.isDocument || content.title.isEmpty)
  }

  static func requireFairSize(_ content: RevisionContent) throws(Halt) {
    let names =
      content.hashtags + [content.title]
      + content.media.flatMap { [$0.mediaType, $0.fileName] }
      + (content.provenance.map { [$0.agent, $0.prompt, $0.promptVersion, $0.model] } ?? [])
    guard content.text.utf8.count <= RuleLimits.textByteCount,
      content.altText.utf8.count <= RuleLimits.remarkByteCount,
      content.link.utf8.count <= RuleLimits.linkByteCount,
      content.hashtags.count <= RuleLimits.hashtags, content.media.count <= RuleLimits.media,
      names.allSatisfy({ $0.utf8.count <= RuleLimits.nameByteCount })
    else { throw .refused(.tooLarge) }
  }
}

extension RevisionContent {
  /// A post needs words or media; a document may also be nothing but its title.
  func isEmpty(isDocument: Bool) -> Bool {
    WordTokens.isBlank(text) && media.isEmpty && (!isDocument || WordTokens.isBlank(title))
  }

  /// Whether a reader would see the same, byte for byte, whoever wrote it and whatever it was made from.
  func reads(as other: RevisionContent) -> Bool { readerBytes == other.readerBytes }

  private var readerBytes: [UInt8] {
    var content = self
    content.authors = []
    content.parents = []
    content.provenance = nil
    return content.encoded()
  }
}

extension RevisionEntity {
  /// The salt and content, nil if they were erased.
  var words: RevisionWords? {
    guard let part = Part(part), let content = try? RevisionContent(tolerating: part.content)  // erased or foreign: nil
    else { return nil }
    return RevisionWords(part: part, content: content)
  }
}
