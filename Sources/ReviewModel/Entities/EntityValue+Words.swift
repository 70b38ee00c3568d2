// The words of an entity: what a person wrote, or is called. An erasure removes them and nothing else.
import Trust

extension EntityValue {
  /// Digests of the parts that its words came in; empty for kinds that have none of their own.
  package var partDigests: [Digest] {
    switch self {
    case .member(let value): value.partDigests
    case .device(let value): value.partDigests
    case .campaign(let value): value.partDigests
    case .item(let value): value.partDigests
    case .subject(let value): value.partDigests
    case .revision(let value): [value.digest]
    case .decision(let value): value.partDigests
    case .comment(let value): value.partDigests
    case .pause(let value): value.partDigests
    case .tenant, .invitation, .draft, .thread, .batch, .stage: []
    }
  }

  /// The same without its words; the tenant's own name is not erased.
  package var withoutWords: EntityValue {
    switch self {
    case .member(let value): .member(value.with { $0.name = "" })
    case .device(let value): .device(value.with { $0.name = "" })
    case .campaign(let value): .campaign(value.with { ($0.name, $0.brief) = ("", "") })
    case .item(let value): .item(value.with { $0.content = ItemContent() })
    case .subject(let value): .subject(value.with { $0.withdrawalReason = "" })
    case .revision(let value): .revision(value.with { ($0.part, $0.isErased) = ([], true) })
    case .decision(let value): .decision(value.with { $0.reason = "" })
    case .comment(let value): .comment(value.with { $0.text = "" })
    case .pause(let value): .pause(value.with { $0.reason = "" })
    case .tenant, .invitation, .draft, .thread, .batch, .stage: self
    }
  }

  /// Whether there is something to erase.
  package var hasWords: Bool { withoutWords != self }

  /// Whether it had words once and has none any more.
  package var isErased: Bool { !partDigests.isEmpty && !hasWords }
}

extension CanonicalMessage {
  fileprivate func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}
