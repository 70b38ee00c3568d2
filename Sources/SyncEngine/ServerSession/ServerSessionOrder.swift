// What a session wants done. The shell carries orders out in their order; those that read or decide are answered by the
// event named beside them.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// The outputs of `ServerSession`.
package enum ServerSessionOrder: Sendable {
  case send(ServerFrame)
  /// Changes that other sessions are sent too: encoded once for all.
  case sendShared(SharedChanges)
  /// Answered by `identified`.
  case identify(tenant: TenantID, device: Digest)
  /// Makes this the one live session of its device. Answered by `opened`.
  case open(SessionIdentity, seen: SeenCheckpoint)
  /// From now on exactly the changes of these scopes are news.
  case follow(Set<Scope>)
  /// Answered by `headRead`.
  case readHead
  /// Answered by `pageRead`.
  case readPage(PageRequest)
  /// Answered by `checkpointRead`.
  case readCheckpoint(scopes: [Scope], since: UInt64)
  /// Answered by `headsRead`.
  case readHeads([Scope])
  /// Checks envelopes beside the tenant's queue. Answered by `verified`.
  case verify(ticket: UInt64, [PushedEnvelope])
  /// Answered by `committed`, after the news of what it changed.
  case commit(ticket: UInt64, [VerifiedEnvelope])
  /// Which entities wait for the member's decision. Answered by `waitingRead`.
  case readWaiting
  /// At most as many as fit into a frame, in order. Answered by `entitiesRead`.
  case readEntities([EntityKey], granted: Set<Scope>)
  /// Answered by `proofsRead`.
  case readProofs(ProofRequest, position: Int)
  /// Answered by `leavesCompared`.
  case compareLeaves(Scope, [Digest])
  /// Answered by `leafRead`.
  case readLeaf(Scope, UInt8)
  /// The device has shown this server's own signature on a ledger that is longer than the store's. The server came up from
  /// an old copy, and nothing may be decided until the ledger has that root at that size. Not answered.
  case stopWriting(shown: SeenCheckpoint)
  /// Sends what is buffered, then closes. The last order of a session.
  case close(code: UInt16)
}

/// The changes that one commit made in one scope, shared by every session that follows it and encoded once for all.
package final class SharedChanges: Sendable {
  package let scope: Scope
  /// The scope's newest number before the commit, and after it.
  package let from: UInt64
  package let to: UInt64
  /// Nil if they do not fit into one frame: then sessions read pages.
  package let changes: Changes?
  /// The frame in the binary encoding; nil if there is none.
  package let binary: [UInt8]?

  package init(scope: Scope, from: UInt64, to: UInt64, entries: [ChangeEntry]) {
    self.scope = scope
    self.from = from
    self.to = to
    let fits = FrameCodec.fitting(entries, limit: WireLimits.entriesAPage, size: FrameCodec.size) == entries.count
    let frame = Changes(scope: scope, from: from, to: to, entries: entries)
    // What does not fit into a frame after all is read by pages, like what is known not to fit.
    binary = fits ? try? FrameCodec.encode(.changes(frame), as: .binary) : nil
    changes = binary == nil ? nil : frame
  }

  /// The frame in this encoding; nil if there is none. JSON is for debugging and made each time.
  package func encoded(as encoding: WireEncoding) throws(WireError) -> [UInt8]? {
    guard let changes else { return nil }
    return try encoding == .binary ? binary : FrameCodec.encode(.changes(changes), as: encoding)
  }
}
