// What lists say of a subject's text: nothing but what its digest names, for this subject and its target.
import ReviewModel
import Storage
import SyncEngine
import Testing
import Trust

@Suite struct SubjectIndexingTests {
  private static let text = "Wash your hands."
  private let subject: SubjectEntity
  private let revision: RevisionEntity

  init() throws {
    var subject = SubjectEntity()
    subject.id = try #require(SubjectID([UInt8](repeating: 5, count: 16)))
    subject.target = PostTarget(platform: "bluesky", locale: "de")
    var content = RevisionContent()
    content.subject = subject.id
    content.target = subject.target
    content.text = Self.text
    let part = Part.revision(content, salt: [UInt8](repeating: 7, count: Part.saltByteCount))
    subject.heads = [part.digest]
    var revision = RevisionEntity()
    revision.digest = part.digest
    revision.subject = subject.id
    revision.part = part.bytes
    self.subject = subject
    self.revision = revision
  }

  private func listed(_ subject: SubjectEntity, _ revision: RevisionEntity?) -> String {
    SubjectIndexing.row(
      SubjectIndexing.Source(
        subject: subject, revision: revision, item: nil, campaign: nil, member: nil, isPending: false)
    ).text
  }

  private func reading(_ subject: SubjectEntity, _ revision: RevisionEntity?) -> RevisionReading {
    RevisionReading(revision, named: subject.heads[0], of: subject)
  }

  @Test func `the text that its digest names is listed`() {
    #expect(listed(subject, revision) == Self.text)
    #expect(reading(subject, revision).content?.text == Self.text)
  }

  @Test func `another text under the digest is not`() {
    var changed = revision
    changed.part[changed.part.count - 1] ^= 1
    #expect(listed(subject, changed).isEmpty && reading(subject, changed) == .damaged)
    changed.part = []
    #expect(reading(subject, changed) == .damaged)
    #expect(listed(subject, nil).isEmpty && reading(subject, nil) == .notHeld)
  }

  @Test func `a part of another kind is no text`() throws {
    let part = Part.text(Self.text, kind: .comment, salt: [UInt8](repeating: 7, count: Part.saltByteCount))
    var (other, changed) = (subject, revision)
    other.heads = [part.digest]
    (changed.digest, changed.part) = (part.digest, part.bytes)
    #expect(listed(other, changed).isEmpty && reading(other, changed) == .damaged)
  }

  @Test func `a row under another name, or of another subject, is not listed`() {
    var changed = revision
    changed.digest = .zero
    #expect(listed(subject, changed).isEmpty && reading(subject, changed) == .damaged)
    changed = revision
    changed.subject = .zero
    #expect(listed(subject, changed).isEmpty && reading(subject, changed) == .ofAnotherSubject)
  }

  @Test func `a text that was written for another subject or target is not listed`() {
    var other = subject
    other.id = .zero
    var claimed = revision
    claimed.subject = .zero
    #expect(listed(other, claimed).isEmpty && reading(other, claimed) == .damaged)
    other = subject
    other.target.arm = "b"
    #expect(listed(other, revision).isEmpty && reading(other, revision) == .damaged)
  }

  @Test func `an erased text is erased, unless it is still there`() {
    var erased = revision
    (erased.part, erased.isErased) = ([], true)
    #expect(listed(subject, erased).isEmpty && reading(subject, erased) == .erased)
    erased.part = revision.part
    #expect(reading(subject, erased) == .damaged)
  }

  @Test func `what is kept under another name than its own is not taken for it`() {
    let stored = StoredEntity(scope: .tenant, seq: 1, payload: EntityValue.revision(revision).payload)
    #expect(Replay.namedEntity(.revision(revision.digest), stored)?.key == .revision(revision.digest))
    #expect(Replay.namedEntity(.revision(.zero), stored) == nil)
  }
}
