// Which parts a device is to forget, as rows from the server show it.
import ReviewModel
import Storage
import SyncEngine
import Testing
import Trust

@Suite struct ErasedWordsTests {
  private static let scope = Scope.tenant
  private static let digests = (0..<3).map { SHA256.hash([UInt8($0)]) }

  private static func comment(text: String) -> EntityValue {
    var comment = CommentEntity()
    comment.text = text
    comment.partDigests = [digests[0], digests[1]]
    return .comment(comment)
  }

  private static func row(_ value: EntityValue) -> StoredRow { StoredRow(key: value.key, seq: 1, payload: value.payload) }

  private static var erasedRevision: EntityValue {
    var revision = RevisionEntity()
    revision.digest = digests[2]
    revision.isErased = true
    return .revision(revision)
  }

  @Test func `parts of erased entities are found, others are not`() {
    let rows = [Self.comment(text: ""), Self.erasedRevision, .thread(ThreadEntity()), .member(MemberEntity())].map(Self.row)
    #expect(ErasedWords.digests(in: rows) == Set(Self.digests))
    #expect(ErasedWords.digests(in: [Self.row(Self.comment(text: "words"))]).isEmpty)
  }

  @Test func `departures and what cannot be read are passed over`() {
    let key = Self.comment(text: "").key
    let rows = [StoredRow(key: key, seq: 1, payload: nil), StoredRow(key: key, seq: 2, payload: [255, 255])]
    #expect(ErasedWords.digests(in: rows).isEmpty)
  }

  @Test func `every order that brings rows is looked at`() {
    let row = Self.row(Self.erasedRevision)
    let orders: [ClientSessionOrder] = [
      .apply(CachedPage(scope: Self.scope, from: 0, to: 1, rows: [row])),
      .applyFetched([ScopedRow(scope: Self.scope, row: row)]),
      .repair(Self.scope, head: 1, leaves: [ScopeDigest.leaf(of: row.key)], rows: [row]),
    ]
    for order in orders { #expect(ErasedWords.digests(in: order) == [Self.digests[2]]) }
    #expect(ErasedWords.digests(in: ClientSessionOrder.refreshView).isEmpty)
  }
}
