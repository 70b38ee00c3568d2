// The frames with which entities come: Changes, Checkpoint, Fetch and its answer.
import Foundation
import ReviewModel
import Trust

extension ChangeEntry {
  init(wire message: WireChangeEntry) throws(WireError) {
    self.init(
      seq: message.seq, key: try WireReading.key(message.kind, message.id, "entries.id"),
      payload: message.hasPayload
        ? try WireReading.bytes(message.payload, "entries.payload", limit: WireLimits.payloadBytes) : nil)
  }

  var wire: WireChangeEntry {
    var message = WireChangeEntry()
    message.seq = seq
    message.kind = WireReading.wire(key.kind)
    message.id = Data(key.id)
    if let payload { message.payload = Data(payload) }
    return message
  }
}

extension Changes {
  init(wire message: WireChanges) throws(WireError) {
    self.init(
      scope: try WireReading.scope(message.scope, "changes.scope"), from: message.from, to: message.to,
      entries: try WireReading.list(
        message.entries, "changes.entries", limit: WireLimits.entriesAPage, ChangeEntry.init(wire:)),
      remaining: message.remaining)
    guard from <= to else { throw .malformed("changes.to", "no smaller than changes.from") }
    var previous = from
    for entry in entries {
      guard entry.seq > from, entry.seq >= previous, entry.seq <= to else {
        throw .malformed("changes.entries.seq", "ascending, beyond changes.from and up to changes.to")
      }
      previous = entry.seq
    }
  }

  var wire: WireChanges {
    var message = WireChanges()
    message.scope = scope.name
    message.from = from
    message.to = to
    message.entries = entries.map(\.wire)
    message.remaining = remaining
    return message
  }
}

extension ScopeDigestHead {
  init(wire message: WireScopeDigestHead) throws(WireError) {
    self.init(
      scope: try WireReading.scope(message.scope, "checkpoint.digests.scope"), head: message.head,
      digest: try WireReading.fixed(message.digest, "checkpoint.digests.digest"))
  }

  var wire: WireScopeDigestHead {
    var message = WireScopeDigestHead()
    message.scope = scope.name
    message.head = head
    message.digest = digest.data
    return message
  }
}

extension CheckpointFrame {
  init(wire message: WireCheckpointFrame) throws(WireError) {
    self.init(
      note: try WireReading.text(message.note, "checkpoint.note", limit: WireLimits.noteBytes),
      consistency: try WireReading.fixed(message.consistency, "checkpoint.consistency", limit: WireLimits.proofHashes),
      digests: try WireReading.list(
        message.digests, "checkpoint.digests", limit: WireLimits.scopesASession, ScopeDigestHead.init(wire:)),
      durableThrough: message.durableThrough)
  }

  var wire: WireCheckpointFrame {
    var message = WireCheckpointFrame()
    message.note = note
    message.consistency = consistency.map(\.data)
    message.digests = digests.map(\.wire)
    message.durableThrough = durableThrough
    return message
  }
}

extension Fetch {
  init(wire message: WireFetch) throws(WireError) {
    self.init(
      request: message.request,
      keys: try WireReading.list(message.keys, "fetch.keys", limit: WireLimits.keysAFetch) {
        (key) throws(WireError) -> EntityKey in try WireReading.key(key.kind, key.id, "fetch.keys.id")
      }, wantsWaiting: message.wantsWaiting)
  }

  var wire: WireFetch {
    var message = WireFetch()
    message.request = request
    message.keys = keys.map { key in
      var wire = WireEntityKey()
      wire.kind = WireReading.wire(key.kind)
      wire.id = Data(key.id)
      return wire
    }
    message.wantsWaiting = wantsWaiting
    return message
  }
}

extension ScopedEntry {
  init(wire message: WireScopedEntry) throws(WireError) {
    self.init(
      scope: try WireReading.scope(message.scope, "entities.entries.scope"), entry: try ChangeEntry(wire: message.entry))
  }

  var wire: WireScopedEntry {
    var message = WireScopedEntry()
    message.scope = scope.name
    message.entry = entry.wire
    return message
  }
}

extension FetchedEntities {
  init(wire message: WireFetchedEntities) throws(WireError) {
    self.init(
      request: message.request,
      entries: try WireReading.list(
        message.entries, "entities.entries", limit: WireLimits.entriesAPage, ScopedEntry.init(wire:)),
      isLast: message.isLast)
  }

  var wire: WireFetchedEntities {
    var message = WireFetchedEntities()
    message.request = request
    message.entries = entries.map(\.wire)
    message.isLast = isLast
    return message
  }
}
