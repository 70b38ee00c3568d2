// What happens to a client's session, and what it wants done. The shell carries orders out one after the other and feeds
// the answers back as events.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// Timers by purpose: setting one again replaces it.
package enum SessionTimer: Sendable, Hashable, CaseIterable {
  /// The handshake takes too long.
  case handshake
  /// Time for a sign of life of our own.
  case heartbeat
  /// The server was silent for too long.
  case silence
  /// What was sent should have been answered.
  case answer
  /// Something is known to be there and has not come.
  case pull
  /// A repair or proofs were asked for and have not come.
  case reply
}

/// What happened.
package enum ClientSessionEvent: Sendable {
  /// The pipe is open. The nonce is fresh; the certificate's digest is nil without TLS.
  case connected(nonce: Digest, certificate: Digest?)
  case frameReceived(ServerFrame)
  /// Answers `grant`: every scope that is granted now, with its cursor.
  case granted([CachedScope])
  /// Answers `readDigest`.
  case digestRead(Scope, ScopeDigest)
  /// Answers `offer`: the rows that were numbered and signed, durably.
  case offered(lane: UInt32, rows: [OutboxRow])
  /// Something was appended to the outbox.
  case outboxChanged
  /// Somebody waits to hear whether this device still is as the server is.
  case comparisonAsked
  /// Answers `findUnproved`.
  case unprovedFound([UInt64])
  case timerFired(SessionTimer)
  case pipeClosed(reason: String)
}

/// What is to be done.
package enum ClientSessionOrder: Sendable {
  case sendFrame(ClientFrame)
  /// Makes these the granted scopes; answered by `granted`.
  case grant([Scope])
  case apply(CachedPage)
  case applyFetched([ScopedRow])
  /// Answered by `digestRead`.
  case readDigest(Scope)
  case repair(Scope, head: UInt64, leaves: Set<UInt8>, rows: [StoredRow])
  /// Numbers and signs queued rows, durably before any byte is sent; answered by `offered`.
  case offer(lane: UInt32, limit: OfferLimit)
  case record([AnsweredRow])
  case quarantine(row: Int64, reason: String)
  /// Every cursor has reached this number.
  case retire(throughSeq: UInt64)
  /// A verified checkpoint, to be kept for good.
  case keepCheckpoint(SeenNote)
  /// Ledger indexes without evidence, at most so many, those given left out; answered by `unprovedFound`.
  case findUnproved(limit: Int, except: Set<UInt64>)
  case keepEvidence([EvidenceRow])
  /// Verified entries of the whole ledger, in order.
  case showLedger([ProvedEntry])
  /// Forget what is old and durable, by a time that is no later than this device's and no later than the server's.
  case prune(durableThrough: UInt64, serverMilliseconds: UInt64)
  /// What older rules refused as unsupported is queued again, before anything is offered.
  case offerAgain(refusedBelowRules: UInt32)
  /// Base or outbox have changed: bring the overlay up to date.
  case refreshView
  /// The session is open.
  case opened(Welcome)
  case setTimer(SessionTimer, milliseconds: UInt64)
  case cancelTimer(SessionTimer)
  /// Close the pipe; nothing follows.
  case end(SessionEnd)
}
