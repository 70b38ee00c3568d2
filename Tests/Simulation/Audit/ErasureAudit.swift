// Whether what was erased is gone: its parts from the server's store, its words from every device's cache and outbox. Entry by
// entry, from what was signed and what was written, with nothing of the rules.
import ReviewModel
import Storage
import Trust

final class ErasureAudit {
  /// Parts that words of erased entities had come in, with the scope in which devices are told so.
  private var parts: [Digest: Scope] = [:]
  private var keys: Set<EntityKey> = []

  var isIdle: Bool { parts.isEmpty }

  /// What an envelope erased, and the entity as its commit has left it.
  func note(_ mutation: Mutation, _ outcome: Outcome, writes: [EntityWrite]) throws {
    guard case .erase(let body) = mutation, outcome.duplicateOf == nil else { return }
    for (target, result) in zip(body.targets, outcome.targets) where result.status == .applied {
      let write = writes.last { $0.key == target.key && $0.payload != nil }
      guard let write, let payload = write.payload else { continue }
      let value = try EntityValue(kind: target.kind, payload: payload)
      // Somebody may have said something new in the same commit.
      guard !Self.hasWords(value) else { continue }
      keys.insert(target.key)
      let gone = target.kind == .revision ? [Digest(target.id)].compactMap { $0 } : value.partDigests
      for part in gone { parts[part] = write.scope }
    }
  }

  func compare(with store: any TenantStore) throws {
    guard let kept = try store.parts(parts.keys.sorted()).keys.min() else { return }
    throw Violation(.erasedKept, "the server still has the part \(kept)")
  }

  /// What a device still holds of it; nil if nothing.
  func kept(by device: SimulatedDevice) throws -> String? {
    guard !isIdle else { return nil }
    // Who may not read a campaign any more is not told what is erased of it.
    let scopes = Set(try device.cache.scopes().map(\.scope))
    for row in try device.outbox.answered(isRefused: false, limit: .max) {
      if let part = row.mutation.parts.first(where: { parts[$0.digest].map(scopes.contains) ?? false }) {
        return "its outbox still has a \(part.kind), \(part.digest), of \(row.mutation.mutationID)"
      }
    }
    var found: EntityKey?
    try device.cache.allRows { _, row in
      // Others may have been given the same reason, and keep it.
      guard found == nil, self.keys.contains(row.key), let payload = row.payload,
        let value = try? EntityValue(kind: row.key.kind, payload: payload),
        !value.partDigests.isEmpty, value.partDigests.allSatisfy({ self.parts[$0] != nil }), Self.hasWords(value)
      else { return }
      found = row.key
    }
    return found.map { "its cache still has the words of \($0)" }
  }

  private static func hasWords(_ value: EntityValue) -> Bool {
    switch value {
    case .member(let value): !value.name.isEmpty
    case .device(let value): !value.name.isEmpty
    case .campaign(let value): !(value.name + value.brief).isEmpty
    case .item(let value): !(value.content.theme + value.content.canonicalText).isEmpty
    case .subject(let value): !value.withdrawalReason.isEmpty
    case .revision(let value): !value.part.isEmpty
    case .decision(let value): !value.reason.isEmpty
    case .comment(let value): !value.text.isEmpty
    case .pause(let value): !value.reason.isEmpty
    case .tenant, .invitation, .draft, .thread, .batch, .stage: false
    }
  }
}
