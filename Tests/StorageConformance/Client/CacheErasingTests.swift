// A cache that has learnt of an erasure holds the erased words nowhere: not in rows, lines, the index of words or its log.
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@Suite struct CacheErasingTests {
  private static let scope = Scope.campaign(Given.id(0))
  /// Words that no other word begins like, so that an index writes them out.
  private static let words = ["qxelbrough", "jyxomma"]

  private let folder: ScratchFolder
  private let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path("cache.sqlite")
  }

  private static func revision() -> EntityValue {
    let part = Part.text("says qxelbrough", kind: .revision, salt: Array(repeating: 8, count: 32))
    var revision = RevisionEntity()
    revision.digest = part.digest
    revision.subject = Given.id(1)
    revision.part = part.bytes
    return .revision(revision)
  }

  private func held() throws -> [String] { try Self.words.filter { try DatabaseBytes.contain($0, path: path) } }

  private func show(_ lines: [SubjectIndexRow], isWhole: Bool = true, baseVersion: UInt64, in cache: SQLiteCacheStore) throws {
    var index: [SubjectID: SubjectIndexRow?] = [:]
    for line in lines { index.updateValue(line, forKey: line.subject) }
    let position = OverlayPosition(outboxVersion: 1, baseVersion: baseVersion)
    try cache.update(OverlayUpdate(entries: [:], isWhole: isWhole, position: position, index: index))
  }

  /// Lines with words, one of which has been said before in other words.
  private func filled() throws -> SQLiteCacheStore {
    let cache = try SQLiteCacheStore.open(path: path)
    _ = try cache.grant([Self.scope])
    let rows = (1...2).map { Given.row(Given.subject($0), seq: UInt64($0)) } + [Given.row(Self.revision(), seq: 3)]
    _ = try cache.apply(CachedPage(scope: Self.scope, from: 0, to: 3, rows: rows))
    let version = try cache.baseVersion()
    let lines = [Given.line(1, text: "it was jyxomma"), Given.line(2, text: "it is another")]
    try show(lines, baseVersion: version, in: cache)
    try show([Given.line(1, text: "says qxelbrough")], baseVersion: version, in: cache)
    #expect(try cache.search(["qxelbrough"], limit: 9).count == 1)
    try cache.close()
    #expect(try held() == Self.words, "the index of words still has what counts no more")
    return try SQLiteCacheStore.open(path: path)
  }

  private func erase(in cache: SQLiteCacheStore) throws {
    let erased = Given.row(Self.revision().withoutWords, seq: 4)
    #expect(try cache.apply(CachedPage(scope: Self.scope, from: 3, to: 4, rows: [erased])) == [erased.key])
  }

  @Test func `the open cache's file and its log have forgotten erased words once the view is made anew`() throws {
    let cache = try filled()
    try erase(in: cache)
    try show([Given.line(1)], baseVersion: try cache.baseVersion(), in: cache)
    #expect(try held() == [])
    #expect(try cache.search(["qxelbrough"], limit: 9).isEmpty)
    #expect(try cache.search(["another"], limit: 9).count == 1)
    try cache.close()
    #expect(try held() == [])
  }

  @Test func `a cache that was closed in between forgets the words all the same`() throws {
    let first = try filled()
    try erase(in: first)
    try first.close()
    let second = try SQLiteCacheStore.open(path: path)
    try show([Given.line(1)], baseVersion: try second.baseVersion(), in: second)
    #expect(try held() == [])
    try second.close()
  }

  @Test func `a view that was made without the erasure does not count as one that knows it`() throws {
    let cache = try filled()
    let before = try cache.baseVersion()
    try erase(in: cache)
    let after = try cache.baseVersion()
    try show([Given.line(1, text: "says qxelbrough")], baseVersion: before, in: cache)
    try show([Given.line(2)], isWhole: false, baseVersion: after, in: cache)
    #expect(try held().contains("qxelbrough"))
    try show([Given.line(1)], baseVersion: after, in: cache)
    #expect(try held() == [])
    try cache.close()
  }
}
