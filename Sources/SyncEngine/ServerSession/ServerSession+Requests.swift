// Answering requests out of turn. What a client may not see is answered as if it did not exist.
import ReviewModel
import Storage
import SyncProtocol
import Trust

extension ServerSession {
  mutating func request(_ request: RequestQueue.Request) {
    guard requests.add(request) else {
      return end(
        .rateLimited, retryAfterMilliseconds: ServerSessionLimits.retryAfterTroubleMilliseconds,
        detail: "More requests wait than a session may have; wait for answers.")
    }
  }

  /// One step of one request.
  mutating func pumpRequests() {
    guard !requests.isReading else { return }
    while requests.current == nil, !requests.isReading, let next = requests.takeNext() { begin(next) }
    guard !requests.isReading, let current = requests.current else { return }
    requests.isReading = true
    switch current {
    case .fetch(_, let keys):
      orders.append(.readEntities(Array(keys.prefix(ServerSessionLimits.fetchKeys)), granted: granted))
    case .proofs(let request, let position): orders.append(.readProofs(request, position: position))
    case .repair(let repair, _, let leaves, let next): orders.append(.readLeaf(repair.scope, leaves[next]))
    }
  }

  private mutating func begin(_ request: RequestQueue.Request) {
    switch request {
    case .fetch(let fetch):
      requests.current = .fetch(fetch, keys: fetch.keys)
      if fetch.wantsWaiting {
        requests.isReading = true
        orders.append(.readWaiting)
      }
    case .proofs(let proofs):
      guard proofs.rangeCount == 0 || identity?.member.roles.contains(.admin) == true else {
        orders.append(
          .send(
            .proofs(Proofs(request: proofs.request, size: proofs.size, entries: [], refused: [proofs.rangeStart], isLast: true))
          ))
        return
      }
      requests.current = .proofs(proofs, position: 0)
    case .repair(let repair):
      guard granted.contains(repair.scope) else { return orders.append(.send(.scopeClosed(repair.scope))) }
      requests.current = .repair(repair, head: 0, leaves: [], next: 0)
      requests.isReading = true
      orders.append(.compareLeaves(repair.scope, repair.leaves))
    }
  }

  /// The answer to a step.
  mutating func answerRequest(_ event: ServerSessionEvent) {
    requests.isReading = false
    switch (requests.current, event) {
    case (.fetch(let fetch, let keys), .waitingRead(let waiting)):
      requests.current = .fetch(fetch, keys: keys + waiting)
    case (.fetch(let fetch, let keys), .entitiesRead(let entries, let keysRead)):
      answer(fetch, keys: Array(keys.dropFirst(max(1, keysRead))), entries)
    case (.proofs(let request, _), .proofsRead(let page)): answer(request, page)
    case (.repair(let repair, _, _, _), .leavesCompared(let head, let leaves)): begin(repair, head: head, leaves: leaves)
    case (.repair(let repair, let head, let leaves, let next), .leafRead(let rows)):
      answer(repair, head: head, leaves: leaves, next: next, rows)
    default: break
    }
  }

  private mutating func answer(_ fetch: Fetch, keys: [EntityKey], _ entries: [ScopedEntry]) {
    let visible = entries.filter { granted.contains($0.scope) }
    requests.current = keys.isEmpty ? nil : .fetch(fetch, keys: keys)
    guard !visible.isEmpty || keys.isEmpty else { return }
    orders.append(.send(.entities(FetchedEntities(request: fetch.request, entries: visible, isLast: keys.isEmpty))))
  }

  private mutating func answer(_ request: ProofRequest, _ page: ProofPage) {
    requests.current = page.next.map { .proofs(request, position: $0) }
    orders.append(
      .send(
        .proofs(
          Proofs(
            request: request.request, size: request.size, entries: page.entries, refused: page.refused,
            isLast: page.next == nil))))
  }

  private mutating func begin(_ repair: Repair, head: UInt64, leaves: [UInt8]) {
    guard granted.contains(repair.scope), !leaves.isEmpty else {
      requests.current = nil
      return orders.append(
        .send(.repairPage(RepairPage(scope: repair.scope, head: head, leaves: leaves, entries: [], isLast: true))))
    }
    requests.current = .repair(repair, head: head, leaves: leaves, next: 0)
  }

  private mutating func answer(_ repair: Repair, head: UInt64, leaves: [UInt8], next: Int, _ rows: [StoredRow]) {
    guard granted.contains(repair.scope) else { return requests.current = nil }
    let isLastLeaf = next + 1 == leaves.count
    requests.current = isLastLeaf ? nil : .repair(repair, head: head, leaves: leaves, next: next + 1)
    var rest = rows.map { ChangeEntry(seq: $0.seq, key: $0.key, payload: $0.payload) }[...]
    repeat {
      let count = FrameCodec.fitting(rest, limit: WireLimits.entriesAPage, size: FrameCodec.size)
      let page = RepairPage(
        scope: repair.scope, head: head, leaves: leaves, entries: Array(rest.prefix(count)),
        isLast: isLastLeaf && count == rest.count)
      rest = rest.dropFirst(count)
      orders.append(.send(.repairPage(page)))
    } while !rest.isEmpty
  }
}
