// How far a session has been sent each scope that it subscribed to, and what has to be read next. Pages are pulled one
// at a time up to a fixed end; what changes meanwhile only moves the end of a later round.
import ReviewModel
import Storage
import SyncProtocol

struct CatchUp: Sendable {
  struct Progress: Sendable {
    /// The client's cursor once it has applied everything that was sent.
    var sentThrough: UInt64
    /// A client without any row needs no departures up to here.
    var freshThrough: UInt64?
    /// Rows up to here must be sent; beyond `sentThrough` there is something to read.
    var target: UInt64

    var needsPage: Bool { sentThrough < target }
  }

  private(set) var scopes: [Scope: Progress] = [:]
  private(set) var isLive = false
  /// The page that is being read.
  private var reading: PageRequest?
  private var isReadingHead = false
  /// Cursors came after the head was asked for: it may lie before them, and says nothing about them.
  private var isHeadOutdated = false
  private var isReadingCheckpoint = false
  /// Cursors that wait for the head that they are to reach.
  private var unaimed: Set<Scope> = []
  private var owesCheckpoint = false
  private var wantsDigests = false
  private var rounds = 0
  private var hasSentSinceCheckpoint = false

  /// Replaces the cursors that it names.
  mutating func subscribe(_ cursors: [ScopeCursor], isLive: Bool) {
    self.isLive = isLive
    for cursor in cursors {
      scopes[cursor.scope] = Progress(
        sentThrough: cursor.cursor, freshThrough: cursor.cursor == 0 ? .max : nil, target: cursor.cursor)
      unaimed.insert(cursor.scope)
      // A page that is being read started at another cursor.
      if reading?.scope == cursor.scope { reading = nil }
    }
    isHeadOutdated = isReadingHead
    owesCheckpoint = true
    wantsDigests = true
    rounds = 0
  }

  mutating func drop(_ scope: Scope) {
    scopes[scope] = nil
    unaimed.remove(scope)
    if reading?.scope == scope { reading = nil }
  }

  /// A checkpoint with digests goes out when everything is sent.
  mutating func wantCheckpoint() {
    guard hasSentSinceCheckpoint else { return }
    owesCheckpoint = true
    wantsDigests = true
    rounds = 0
  }

  /// A checkpoint alone: the client waits for a proof of what was just decided.
  mutating func wantNote() { owesCheckpoint = true }

  /// Everything up to here must reach the client. Where nothing was missed since the last page, an empty one does.
  mutating func owe(_ seq: UInt64) -> [Changes] {
    var frames: [Changes] = []
    for scope in scopes.keys.sorted() {
      guard let progress = scopes[scope], progress.sentThrough < seq else { continue }
      if isLive, !progress.needsPage, reading?.scope != scope, !unaimed.contains(scope) {
        frames.append(Changes(scope: scope, from: progress.sentThrough, to: seq, entries: []))
        scopes[scope]?.sentThrough = seq
      }
      aim(scope, at: seq)
    }
    return frames
  }

  mutating func aim(_ scope: Scope, at seq: UInt64) {
    guard let progress = scopes[scope], progress.target < seq else { return }
    scopes[scope]?.target = seq
  }

  /// The fixed end of what was subscribed.
  mutating func reach(_ seq: UInt64) {
    isReadingHead = false
    guard !isHeadOutdated else { return isHeadOutdated = false }
    for scope in unaimed {
      guard var progress = scopes[scope] else { continue }
      progress.target = max(progress.target, seq)
      if progress.freshThrough != nil { progress.freshThrough = seq }
      scopes[scope] = progress
    }
    unaimed = []
  }

  /// Whether a cursor that waits for this head lies beyond it: beyond what the server has. The other scopes may have been
  /// sent newer commits since the head was read.
  func isBeyond(_ seq: UInt64) -> Bool {
    !isHeadOutdated && unaimed.contains { (scopes[$0]?.sentThrough ?? 0) > seq }
  }

  enum Step {
    case head
    case page(PageRequest)
    case checkpoint(scopes: [Scope])
  }

  /// The next thing to read, nil if nothing is to be read now.
  mutating func next() -> Step? {
    if !unaimed.isEmpty {
      guard !isReadingHead else { return nil }
      isReadingHead = true
      return .head
    }
    guard reading == nil else { return nil }
    if let scope = scopes.filter({ $0.value.needsPage }).keys.min(), let progress = scopes[scope] {
      let isFresh = progress.freshThrough.map { progress.sentThrough < $0 } ?? false
      let through = isFresh ? min(progress.target, progress.freshThrough ?? progress.target) : progress.target
      let request = PageRequest(
        scope: scope, after: progress.sentThrough, through: through, byteLimit: ServerSessionLimits.pageBytes,
        rowLimit: ServerSessionLimits.pageRows, includesDepartures: !isFresh)
      reading = request
      return .page(request)
    }
    guard owesCheckpoint, !isReadingCheckpoint else { return nil }
    isReadingCheckpoint = true
    owesCheckpoint = false
    return .checkpoint(scopes: wantsDigests ? scopes.keys.sorted() : [])
  }

  /// The frame for a page that was read, nil if it is no longer wanted.
  mutating func changes(_ page: StoredPage, for request: PageRequest) -> Changes? {
    guard reading == request, scopes[request.scope] != nil else { return nil }
    reading = nil
    let entries = page.rows.map { ChangeEntry(seq: $0.seq, key: $0.key, payload: $0.payload) }
    let count = FrameCodec.fitting(entries, limit: WireLimits.entriesAPage, size: FrameCodec.size)
    let remaining = page.remaining + UInt64(entries.count - count)
    let last = entries.prefix(count).last?.seq ?? request.through
    let frame = Changes(
      scope: request.scope, from: request.after, to: remaining == 0 ? request.through : last,
      entries: Array(entries.prefix(count)), remaining: remaining)
    scopes[request.scope]?.sentThrough = frame.to
    hasSentSinceCheckpoint = true
    return frame
  }

  /// The digests that the client can check, once it has applied what was sent; nil if another round must come first.
  mutating func checkpoint(_ reading: CheckpointReading) -> [ScopeDigestHead]? {
    isReadingCheckpoint = false
    var current: [ScopeDigestHead] = []
    var isBehind = false
    for digest in reading.digests {
      guard let progress = scopes[digest.scope] else { continue }
      // A commit after the reading may have been sent already: then these digests are older than what the client holds.
      if digest.head <= progress.sentThrough, progress.sentThrough <= reading.seq, !progress.needsPage {
        current.append(ScopeDigestHead(scope: digest.scope, head: progress.sentThrough, digest: digest.digest))
      } else {
        isBehind = true
        aim(digest.scope, at: digest.head)
      }
    }
    rounds += 1
    if isBehind, rounds < ServerSessionLimits.catchUpRounds {
      owesCheckpoint = true
      return nil
    }
    if !reading.digests.isEmpty {
      wantsDigests = false
      hasSentSinceCheckpoint = false
    }
    return current
  }

  enum LiveStep {
    case shared
    case own(Changes)
    case none
  }

  /// What to do with a commit's changes in a scope: send them if the client is where they begin, otherwise read later.
  mutating func live(_ shared: SharedChanges, isChoked: Bool) -> LiveStep {
    guard let progress = scopes[shared.scope], shared.to > progress.sentThrough else { return .none }
    guard isLive, !isChoked, !progress.needsPage, reading?.scope != shared.scope, !unaimed.contains(shared.scope),
      progress.sentThrough >= shared.from, let changes = shared.changes,
      progress.sentThrough < changes.entries.first?.seq ?? 0
    else {
      aim(shared.scope, at: shared.to)
      return .none
    }
    scopes[shared.scope]?.sentThrough = shared.to
    scopes[shared.scope]?.target = max(progress.target, shared.to)
    hasSentSinceCheckpoint = true
    if progress.sentThrough == shared.from { return .shared }
    var own = changes
    own.from = progress.sentThrough
    return .own(own)
  }
}
