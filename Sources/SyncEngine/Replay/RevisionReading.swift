// Whether a text is the one that people sign. A decision names the digest of a text, and a row is only what a server has sent
// under that digest: so whatever shows, indexes or decides on a text asks here first.
import ReviewModel
import Trust

/// What is held of a revision, as one of a subject's.
package enum RevisionReading: Sendable, Hashable {
  /// The very text that the digest names, written for this subject and its target.
  case verified(RevisionContent)
  /// Its words are gone; nothing can be decided on it any more.
  case erased
  case notHeld
  /// The row itself says that it belongs to another subject.
  case ofAnotherSubject
  /// Not what its digest names, or written for another subject or target than its row says.
  case damaged

  /// - Parameters:
  ///   - revision: the row that is held under the digest, if there is one.
  ///   - digest: the name that is shown and signed.
  package init(_ revision: RevisionEntity?, named digest: Digest, of subject: SubjectEntity) {
    guard let revision else {
      self = .notHeld
      return
    }
    guard revision.digest == digest else {
      self = .damaged
      return
    }
    guard revision.subject == subject.id else {
      self = .ofAnotherSubject
      return
    }
    if revision.isErased {
      self = revision.part.isEmpty ? .erased : .damaged
    } else if let content = Self.content(revision.part, named: digest), Self.fits(content, subject) {
      self = .verified(content)
    } else {
      self = .damaged
    }
  }

  /// Nil unless it was verified.
  package var content: RevisionContent? {
    guard case .verified(let content) = self else { return nil }
    return content
  }

  private static func content(_ bytes: [UInt8], named digest: Digest) -> RevisionContent? {
    guard let part = Part(bytes), part.kind == .revision, part.digest == digest else { return nil }
    do {
      return try RevisionContent(tolerating: part.content)
    } catch {
      return nil
    }
  }

  /// Byte for byte, as the rules compare targets.
  private static func fits(_ content: RevisionContent, _ subject: SubjectEntity) -> Bool {
    content.subject == subject.id && content.target.encoded() == subject.target.encoded()
  }
}
