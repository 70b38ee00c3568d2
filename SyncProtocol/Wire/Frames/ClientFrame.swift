// What a client says. Plain values of the model; how they are written on the wire is FrameCodec's concern.
import ReviewModel
import Trust

/// One frame from a client.
package enum ClientFrame: Sendable, Hashable {
  case hello(Hello)
  case prove(Prove)
  case subscribe(Subscribe)
  case push(Push)
  case fetch(Fetch)
  case proofs(ProofRequest)
  case repair(Repair)
  case heartbeat(Heartbeat)
  case goodbye(Goodbye)
}

/// The first frame of a session.
package struct Hello: Sendable, Hashable {
  package var minimumVersion: UInt32
  package var maximumVersion: UInt32
  package var tenant: TenantID
  package var device: Digest
  /// 32 random bytes.
  package var nonce: Digest
  /// The last checkpoint that the client holds; size 0 for none.
  package var seen: SeenCheckpoint
  /// The device's wall clock: only to tell it its skew.
  package var clockMilliseconds: UInt64
  /// Name and version of the program, for the operator's logs; at most 64 bytes.
  package var agent: String

  package init(
    minimumVersion: UInt32, maximumVersion: UInt32, tenant: TenantID, device: Digest, nonce: Digest, seen: SeenCheckpoint,
    clockMilliseconds: UInt64, agent: String
  ) {
    self.minimumVersion = minimumVersion
    self.maximumVersion = maximumVersion
    self.tenant = tenant
    self.device = device
    self.nonce = nonce
    self.seen = seen
    self.clockMilliseconds = clockMilliseconds
    self.agent = agent
  }
}

/// The device's signature over the session's transcript, payload type `sessionProof`.
package struct Prove: Sendable, Hashable {
  package var signature: Signature
  /// The signed note of the checkpoint that `Hello.seen` names; empty if the client holds none. At most 4096 bytes.
  package var seenNote: [UInt8]

  package init(signature: Signature, seenNote: [UInt8] = []) {
    self.signature = signature
    self.seenNote = seenNote
  }
}

/// How far a client has a scope: every row with a number up to the cursor.
package struct ScopeCursor: Sendable, Hashable {
  package var scope: Scope
  package var cursor: UInt64

  package init(scope: Scope, cursor: UInt64) {
    self.scope = scope
    self.cursor = cursor
  }
}

/// Asks for changes beyond the cursors, and (live) for those to come. A later Subscribe replaces the cursors it names.
package struct Subscribe: Sendable, Hashable {
  package var cursors: [ScopeCursor]
  package var isLive: Bool

  package init(cursors: [ScopeCursor], isLive: Bool) {
    self.cursors = cursors
    self.isLive = isLive
  }
}

/// A signed envelope with its parts beside it.
package struct PushedEnvelope: Sendable, Hashable {
  package var envelope: SignedEnvelope
  /// Whole parts: salt, kind, content.
  package var parts: [[UInt8]]

  package init(envelope: SignedEnvelope, parts: [[UInt8]]) {
    self.envelope = envelope
    self.parts = parts
  }
}

/// Envelopes of one lane with ascending numbers.
package struct Push: Sendable, Hashable {
  package var envelopes: [PushedEnvelope]

  package init(envelopes: [PushedEnvelope]) { self.envelopes = envelopes }
}

/// Asks for entities out of turn: those named, and (waiting) subjects that wait for this member's decision, with
/// their current revisions and items.
package struct Fetch: Sendable, Hashable {
  package var request: UInt32
  package var keys: [EntityKey]
  package var wantsWaiting: Bool

  package init(request: UInt32, keys: [EntityKey], wantsWaiting: Bool) {
    self.request = request
    self.keys = keys
    self.wantsWaiting = wantsWaiting
  }
}

/// Asks for ledger entries with inclusion proofs in the tree of the given size. Either single indexes, or (admins) a range.
package struct ProofRequest: Sendable, Hashable {
  package var request: UInt32
  /// The size of a checkpoint that the client holds.
  package var size: UInt64
  package var indexes: [UInt64]
  /// A range of the whole ledger, with envelopes and parts, for a full audit; empty otherwise.
  package var rangeStart: UInt64
  package var rangeCount: UInt32

  package init(request: UInt32, size: UInt64, indexes: [UInt64], rangeStart: UInt64 = 0, rangeCount: UInt32 = 0) {
    self.request = request
    self.size = size
    self.indexes = indexes
    self.rangeStart = rangeStart
    self.rangeCount = rangeCount
  }
}

/// The client's 256 leaf digests of a scope whose digest did not match at the cursor.
package struct Repair: Sendable, Hashable {
  package var scope: Scope
  package var cursor: UInt64
  package var leaves: [Digest]

  package init(scope: Scope, cursor: UInt64, leaves: [Digest]) {
    self.scope = scope
    self.cursor = cursor
    self.leaves = leaves
  }
}

/// A sign of life, both ways. The server's names the head of every granted scope.
package struct Heartbeat: Sendable, Hashable {
  package var heads: [ScopeHead]

  package init(heads: [ScopeHead] = []) { self.heads = heads }
}

/// The number of a scope's newest row.
package struct ScopeHead: Sendable, Hashable {
  package var scope: Scope
  package var head: UInt64

  package init(scope: Scope, head: UInt64) {
    self.scope = scope
    self.head = head
  }
}

/// The last frame before an intended close.
package struct Goodbye: Sendable, Hashable {
  package var code: GoodbyeCode
  /// Not before this long; 0 leaves it to the client's back-off.
  package var retryAfterMilliseconds: UInt64
  /// A sentence for a person. Never parsed.
  package var detail: String

  package init(code: GoodbyeCode, retryAfterMilliseconds: UInt64 = 0, detail: String = "") {
    self.code = code
    self.retryAfterMilliseconds = retryAfterMilliseconds
    self.detail = detail
  }
}
