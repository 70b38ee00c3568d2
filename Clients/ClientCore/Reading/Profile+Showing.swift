// One subject with everything that belongs to it.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Everything about one subject, and (unless told not to) remembers its current revision as read.
  public func show(_ post: String, markRead: Bool = true) throws(ClientError) -> SubjectDetail {
    let id = try subjectID(post)
    let cache = try currentView()
    let detail = try storing { try SubjectDetailing(cache: cache, actor: actor).detail(id) }
    guard let detail else { throw Self.notHere(post) }
    if markRead { try noteRead(detail) }
    return detail
  }

  /// Remembers that the current revision of this page was read, whatever has come in since it was made.
  public func noteRead(_ page: SubjectDetail) throws(ClientError) {
    // What could not be shown was not read.
    guard let shown = page.heads.first, shown.problem.isEmpty, let head = Digest(hex: shown.digest),
      let id = SubjectID(hex: page.summary.post)
    else { return }
    let keeper = try keeper()
    try storing {
      guard try outbox.lastRead([id])[id] != head else { return }
      try keeper.keepingCurrent { () throws(StorageError) in try outbox.setLastRead([id: head]) }
    }
  }

  /// How two revisions differ: from the one read last (else the parent) to the current one, unless named. Of a conflicted post
  /// every version is compared.
  public func diff(_ post: String, from: String? = nil, to: String? = nil) throws(ClientError) -> RevisionDiff {
    let id = try subjectID(post)
    let reader = EntityReader(cache: try currentView())
    guard let subject = try storing({ try reader.subject(id) }), !subject.heads.isEmpty else { throw Self.notHere(post) }
    var newer = subject.heads
    if let to { newer = [try revision(to, of: id)] }
    var older: Digest?
    if let from {
      older = try revision(from, of: id)
    } else if let read = try storing({ try outbox.lastRead([id])[id] }), !newer.contains(read) {
      older = read
    }
    var diffs: [RevisionDiff] = []
    for revision in newer { diffs.append(try difference(of: subject, from: older, to: revision, reader)) }
    var diff = diffs.removeFirst()
    diff.others = diffs
    return diff
  }

  /// - Parameter from: nil for the parent.
  private func difference(
    of subject: SubjectEntity, from: Digest?, to newer: Digest, _ reader: EntityReader
  ) throws(ClientError) -> RevisionDiff {
    let new = try storing { try reader.reading(newer, of: subject) }
    let older = from ?? new.content?.parents.first ?? newer
    let old = try storing { try reader.reading(older, of: subject) }
    for reading in [old, new] { try Self.requireComparable(reading) }
    guard let before = old.content, let after = new.content else { throw RevisionProblem.damaged.error() }
    return RevisionComparison.diff(subject: subject.id, from: (older, before), to: (newer, after))
  }

  private static func requireComparable(_ reading: RevisionReading) throws(ClientError) {
    switch reading {
    case .verified: return
    case .erased:
      throw ClientError(
        .notFound, "One of the two revisions was erased, so there is nothing to compare.",
        remedy: "Name another one; the log of the post tells them.")
    case .notHeld, .ofAnotherSubject:
      throw ClientError(.notFound, "This device does not hold both revisions.", remedy: "Sync, then try again.")
    case .damaged: throw RevisionProblem.damaged.error()
    }
  }
}

/// Comparing two revisions field by field.
enum RevisionComparison {
  /// A text that was verified, under its name.
  typealias Version = (digest: Digest, content: RevisionContent)

  static func diff(subject: SubjectID, from old: Version, to new: Version) -> RevisionDiff {
    let (before, after) = (old.content, new.content)
    let pairs: [(String, String, String)] = [
      ("title", before.title, after.title), ("text", before.text, after.text),
      ("hashtags", before.hashtags.joined(separator: " "), after.hashtags.joined(separator: " ")),
      ("link", before.link, after.link), ("alt_text", before.altText, after.altText),
      ("media", names(before.media), names(after.media)),
    ]
    return RevisionDiff(
      post: subject.hex, from: old.digest.hex, to: new.digest.hex,
      fields: pairs.filter { $0.1 != $0.2 }.map { name, old, new in
        RevisionDiff.Field(
          name: name, segments: WordDiff.compare(old: old, new: new).map { DiffSegment(kind: word($0.kind), text: $0.text) })
      })
  }

  /// Whatever of a medium may differ.
  private static func names(_ media: [MediaReference]) -> String {
    media.map { "\($0.fileName) (\($0.mediaType), \($0.byteCount) B, \($0.digest.hex.prefix(mediaDigits)))" }
      .joined(separator: " ")
  }

  /// Enough that nobody can make a second file with the same beginning.
  private static let mediaDigits = 16

  private static func word(_ kind: WordDiff.Segment.Kind) -> String {
    switch kind {
    case .same: "same"
    case .removed: "removed"
    case .added: "added"
    }
  }
}
