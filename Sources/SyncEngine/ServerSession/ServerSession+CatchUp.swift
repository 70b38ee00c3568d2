// Sending what the client may read: catch-up by pages, then every commit as it happens, checkpoints in between.
import ReviewModel
import Storage
import SyncProtocol

extension ServerSession {
  mutating func subscribe(_ subscribe: Subscribe) {
    guard subscribe.cursors.count <= WireLimits.scopesASession else {
      return end(.tooLarge, detail: "More scopes than a session may have; subscribe to those that were granted.")
    }
    var cursors: [ScopeCursor] = []
    for cursor in subscribe.cursors {
      // A scope that is not granted, or does not exist, is closed: the client deletes what it holds of it.
      if granted.contains(cursor.scope) {
        cursors.append(cursor)
      } else {
        orders.append(.send(.scopeClosed(cursor.scope)))
      }
    }
    catchUp.subscribe(cursors, isLive: subscribe.isLive)
    followScopes()
  }

  mutating func reach(_ seq: UInt64) {
    guard !catchUp.isBeyond(seq) else {
      return end(.rolledBack, detail: "The device has seen more than this server holds; its admin must restore it.")
    }
    catchUp.reach(seq)
  }

  mutating func followScopes() {
    orders.append(.follow(catchUp.isLive ? Set(catchUp.scopes.keys) : []))
  }

  mutating func pumpCatchUp() {
    switch catchUp.next() {
    case .head: orders.append(.readHead)
    case .page(let request): orders.append(.readPage(request))
    case .checkpoint(let scopes): orders.append(.readCheckpoint(scopes: scopes, since: toldSize))
    case nil: break
    }
  }

  mutating func send(_ page: StoredPage, for request: PageRequest) {
    guard granted.contains(request.scope), let frame = catchUp.changes(page, for: request) else { return }
    orders.append(.send(.changes(frame)))
  }

  mutating func send(_ reading: CheckpointReading) {
    guard let digests = catchUp.checkpoint(reading) else { return }
    let frame = CheckpointFrame(
      note: note(reading), consistency: reading.consistency, digests: digests.filter { granted.contains($0.scope) },
      durableThrough: reading.durableThrough)
    toldSize = reading.size
    orders.append(.send(.checkpoint(frame)))
  }

  mutating func follow(_ shared: SharedChanges) {
    guard granted.contains(shared.scope) else { return }
    switch catchUp.live(shared, isChoked: isChoked) {
    case .shared: orders.append(.sendShared(shared))
    case .own(let changes): orders.append(.send(.changes(changes)))
    case .none: break
    }
  }

  // MARK: What may be read

  mutating func apply(_ access: SessionAccess) {
    guard case .open = phase else {
      // What the opening has read may be older: it counts as soon as the session is open.
      accessWhileOpening = access
      return
    }
    guard !access.device.isRevoked else { return end(.deviceRevoked, detail: "This device was revoked by an admin.") }
    guard !access.member.isRemoved else { return end(.unauthorized, detail: "This member was removed from the tenant.") }
    identity?.device = access.device
    identity?.member = access.member
    let now = Set(access.scopes.keys)
    let closed = granted.subtracting(now).sorted()
    let opened = now.subtracting(granted).sorted()
    granted = now
    for scope in closed {
      catchUp.drop(scope)
      orders.append(.send(.scopeClosed(scope)))
    }
    for scope in opened { orders.append(.send(.scopeGranted(ScopeHead(scope: scope, head: access.scopes[scope] ?? 0)))) }
    if !closed.isEmpty { followScopes() }
  }
}
