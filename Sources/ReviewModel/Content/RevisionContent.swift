// What a reviewer reads and signs for: the immutable content of a subject.
import Trust

/// A file that belongs to a revision; its bytes travel separately.
package struct MediaReference: CanonicalMessage, Hashable {
  package var digest: Digest
  package var byteCount: UInt64
  /// The media type, `image/png` for example.
  package var mediaType: String
  package var fileName: String

  package init() { self.init(digest: .zero, byteCount: 0, mediaType: "", fileName: "") }

  package init(digest: Digest, byteCount: UInt64, mediaType: String, fileName: String) {
    self.digest = digest
    self.byteCount = byteCount
    self.mediaType = mediaType
    self.fileName = fileName
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &digest)
    try coder.field(2, &byteCount)
    try coder.field(3, &mediaType)
    try coder.field(4, &fileName)
  }
}

/// Where a text came from, when it was not written by the member who brought it in.
package struct Provenance: CanonicalMessage, Hashable {
  package var agent = ""
  package var prompt = ""
  package var promptVersion = ""
  package var model = ""

  package init() {}

  package init(agent: String, prompt: String, promptVersion: String, model: String) {
    self.agent = agent
    self.prompt = prompt
    self.promptVersion = promptVersion
    self.model = model
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &agent)
    try coder.field(2, &prompt)
    try coder.field(3, &promptVersion)
    try coder.field(4, &model)
  }
}

/// Where a post goes: two posts of one item differ in this.
package struct PostTarget: CanonicalMessage, Hashable {
  package var platform = ""
  package var account = ""
  /// A BCP 47 tag, empty if it does not matter.
  package var locale = ""
  /// The arm of an experiment, empty for the only one.
  package var arm = ""

  package init() {}

  package init(platform: String, account: String = "", locale: String = "", arm: String = "") {
    self.platform = platform
    self.account = account
    self.locale = locale
    self.arm = arm
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &platform)
    try coder.field(2, &account)
    try coder.field(3, &locale)
    try coder.field(4, &arm)
  }
}

/// The canonical content of a revision. With its salt in front it is the part whose digest names the revision.
package struct RevisionContent: CanonicalMessage, Hashable {
  package var subject: SubjectID = .zero
  package var target = PostTarget()
  /// Who wrote it: the member who signed it, or both whose changes were merged.
  package var authors: [MemberID] = []
  /// The revisions it was made from: none for the first, one for a change, two for a merge.
  package var parents: [Digest] = []
  package var text = ""
  package var hashtags: [String] = []
  package var link = ""
  package var media: [MediaReference] = []
  package var altText = ""
  package var provenance: Provenance?
  /// Documents only: their title. Posts leave it empty.
  package var title = ""

  package init() {}

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &subject)
    try coder.field(2, &target)
    try coder.field(3, &authors)
    try coder.field(4, &parents)
    try coder.field(5, &text)
    try coder.field(6, &hashtags)
    try coder.field(7, &link)
    try coder.field(8, &media)
    try coder.field(9, &altText)
    try coder.field(10, &provenance)
    try coder.field(11, &title)
  }
}

/// What an item says, before any platform has its own version of it.
package struct ItemContent: CanonicalMessage, Hashable {
  package var theme = ""
  package var canonicalText = ""

  package init() {}

  package init(theme: String, canonicalText: String) {
    self.theme = theme
    self.canonicalText = canonicalText
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &theme)
    try coder.field(2, &canonicalText)
  }
}
