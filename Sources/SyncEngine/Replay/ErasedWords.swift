// The parts whose words are erased, as far as rows from the server show it: a device forgets them in its outbox before its
// cache takes the rows, because afterwards nothing would tell it again.
import ReviewModel
import Storage
import Trust

package enum ErasedWords {
  /// Kinds with words of their own; nothing else need be opened.
  private static let kinds: Set<EntityKind> = [
    .member, .device, .campaign, .item, .subject, .revision, .decision, .comment, .pause,
  ]

  /// The parts of every erased entity that the order brings into the cache.
  package static func digests(in order: ClientSessionOrder) -> Set<Digest> {
    switch order {
    case .apply(let page): digests(in: page.rows)
    case .applyFetched(let rows): digests(in: rows.lazy.map(\.row))
    case .repair(_, _, _, let rows): digests(in: rows)
    default: []
    }
  }

  /// The parts of every erased entity among the rows. What cannot be read is passed over.
  package static func digests(in rows: some Sequence<StoredRow>) -> Set<Digest> {
    var digests: Set<Digest> = []
    for row in rows where kinds.contains(row.key.kind) {
      guard let payload = row.payload else { continue }
      do {
        let value = try EntityValue(kind: row.key.kind, payload: payload)
        if value.isErased { digests.formUnion(value.partDigests) }
      } catch {
        continue
      }
    }
    return digests
  }
}
