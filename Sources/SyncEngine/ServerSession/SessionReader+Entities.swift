// Entities out of turn: what a device asks for by name, and what waits for its member's decision.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Trust

extension SessionReader {
  /// The most subjects that a fetch of what waits brings; the rest comes with the pages.
  package static let waitingLimit = 2_000

  /// The entities that are there and in a granted scope, as many of the first keys as fit into one frame.
  package func entities(
    _ keys: [EntityKey], granted: Set<Scope>
  ) throws(StorageError) -> (entries: [ScopedEntry], keysRead: Int) {
    let found = try store.load(keys)
    var entries: [ScopedEntry] = []
    var used = 0
    for (index, key) in keys.enumerated() {
      guard let stored = found[key], granted.contains(stored.scope) else { continue }
      let entry = ScopedEntry(scope: stored.scope, entry: ChangeEntry(seq: stored.seq, key: key, payload: stored.payload))
      used += FrameCodec.size(of: entry)
      if !entries.isEmpty, used > WireLimits.pageBytes { return (entries, index) }
      entries.append(entry)
    }
    return (entries, keys.count)
  }

  /// The subjects that this device's member may decide and has not, newest first, each with its current revision and
  /// item, campaigns in front.
  package func waiting(device: Digest) throws(StorageError) -> [EntityKey] {
    guard let access = try access(of: device), access.member.roles.contains(.reviewer) else { return [] }
    var keys: [EntityKey] = []
    var seen: Set<EntityKey> = []
    func add(_ key: EntityKey) {
      if seen.insert(key).inserted { keys.append(key) }
    }
    var left = Self.waitingLimit
    for case .campaign(let campaign) in access.scopes.keys.sorted() {
      for row in try store.entities(.subject, in: .campaign(campaign), limit: Self.waitingLimit) {
        // A subject that cannot be read waits for nobody.
        guard left > 0, let payload = row.payload, let subject = try? SubjectEntity(tolerating: payload),
          SubjectState.waits(subject, for: access.member)
        else { continue }
        left -= 1
        add(.campaign(campaign))
        add(row.key)
        for head in subject.heads { add(.revision(head)) }
        if let item = subject.item { add(.item(item)) }
      }
    }
    return keys
  }
}
