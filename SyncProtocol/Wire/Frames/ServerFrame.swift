// What a server says. Plain values of the model; how they are written on the wire is FrameCodec's concern.
import ReviewModel
import Trust

/// One frame from a server.
package enum ServerFrame: Sendable, Hashable {
  case challenge(Challenge)
  case welcome(Welcome)
  case changes(Changes)
  case checkpoint(CheckpointFrame)
  case outcomes(Outcomes)
  case entities(FetchedEntities)
  case proofs(Proofs)
  case repairPage(RepairPage)
  case heartbeat(Heartbeat)
  case scopeGranted(ScopeHead)
  case scopeClosed(Scope)
  case goodbye(Goodbye)
}

/// The server's half of the handshake; its signature is over the transcript, payload type `serverChallenge`.
package struct Challenge: Sendable, Hashable {
  package var nonce: Digest
  package var chosenVersion: UInt32
  package var serverKey: PublicKey
  package var signature: Signature

  package init(nonce: Digest, chosenVersion: UInt32, serverKey: PublicKey, signature: Signature) {
    self.nonce = nonce
    self.chosenVersion = chosenVersion
    self.serverKey = serverKey
    self.signature = signature
  }
}

/// Where one of the device's lanes stands on the server.
package struct LaneState: Sendable, Hashable {
  package var lane: UInt32
  /// The last number decided; 0 for none.
  package var lastNumber: UInt64
  /// The hash of that envelope; 32 zero bytes for none.
  package var lastHash: Digest

  package init(lane: UInt32, lastNumber: UInt64, lastHash: Digest) {
    self.lane = lane
    self.lastNumber = lastNumber
    self.lastHash = lastHash
  }
}

/// What the server lets a session do.
package struct SessionLimits: Sendable, Hashable {
  package var unansweredMutations: UInt32 = 128
  package var unansweredBytes: UInt32 = 1 << 20
  package var frameBytes: UInt32 = 64 << 10
  package var heartbeatSeconds: UInt32 = 30

  package init() {}
}

/// The session is open.
package struct Welcome: Sendable, Hashable {
  package var limits = SessionLimits()
  package var member: MemberID = .zero
  package var epoch: EpochID = .zero
  /// The log's origin: `<server name>/<tenant id>/<epoch>`.
  package var origin = ""
  /// Entries below this size are safe in a backup; without a backup, the committed size.
  package var durableThrough: UInt64 = 0
  package var hasBackup = false
  package var lanes: [LaneState] = []
  /// Every granted scope with its head.
  package var scopes: [ScopeHead] = []
  /// The newest checkpoint as a signed note.
  package var checkpointNote = ""
  /// From the size that Hello named to the note's; empty if Hello named none.
  package var consistency: [Digest] = []
  package var serverMilliseconds: UInt64 = 0
  /// Of the rules that decide. What was refused `unsupported` by an older version is worth offering again.
  package var rulesVersion: UInt32 = 0

  package init() {}
}

/// One version of an entity, or its departure.
package struct ChangeEntry: Sendable, Hashable {
  package var seq: UInt64
  package var key: EntityKey
  /// Nil when the entity left the scope or is gone.
  package var payload: [UInt8]?

  package init(seq: UInt64, key: EntityKey, payload: [UInt8]?) {
    self.seq = seq
    self.key = key
    self.payload = payload
  }
}

/// Rows of one scope with numbers in (from, to], ascending. Applied only if the cursor is `from`; then it is `to`.
package struct Changes: Sendable, Hashable {
  package var scope: Scope
  package var from: UInt64
  package var to: UInt64
  package var entries: [ChangeEntry]
  /// How many rows of this catch-up are still to come after this page, for progress; 0 when live.
  package var remaining: UInt64

  package init(scope: Scope, from: UInt64, to: UInt64, entries: [ChangeEntry], remaining: UInt64 = 0) {
    self.scope = scope
    self.from = from
    self.to = to
    self.entries = entries
    self.remaining = remaining
  }
}

/// A scope's digest at an exact head.
package struct ScopeDigestHead: Sendable, Hashable {
  package var scope: Scope
  package var head: UInt64
  package var digest: Digest

  package init(scope: Scope, head: UInt64, digest: Digest) {
    self.scope = scope
    self.head = head
    self.digest = digest
  }
}

/// The state to compare with, sent when the subscribed scopes have been caught up, and now and then when live.
package struct CheckpointFrame: Sendable, Hashable {
  package var note: String
  /// From the last size this session was told to the note's.
  package var consistency: [Digest]
  package var digests: [ScopeDigestHead]
  package var durableThrough: UInt64

  package init(note: String, consistency: [Digest], digests: [ScopeDigestHead], durableThrough: UInt64) {
    self.note = note
    self.consistency = consistency
    self.digests = digests
    self.durableThrough = durableThrough
  }
}

/// The stored outcome of one envelope.
package struct AnsweredEnvelope: Sendable, Hashable {
  package var number: UInt64
  package var ledgerIndex: UInt64
  /// The last number of the commit that decided it: seen once every cursor has reached it.
  package var commitSeq: UInt64
  /// The canonical bytes of its `LeafRecord`, as hashed.
  package var leafRecord: [UInt8]

  package init(number: UInt64, ledgerIndex: UInt64, commitSeq: UInt64, leafRecord: [UInt8]) {
    self.number = number
    self.ledgerIndex = ledgerIndex
    self.commitSeq = commitSeq
    self.leafRecord = leafRecord
  }
}

/// Outcomes of one lane, ascending; signed as an `OutcomesStatement`, payload type `outcomes`.
package struct Outcomes: Sendable, Hashable {
  package var lane: UInt32
  package var answers: [AnsweredEnvelope]
  package var signature: Signature

  package init(lane: UInt32, answers: [AnsweredEnvelope], signature: Signature) {
    self.lane = lane
    self.answers = answers
    self.signature = signature
  }
}

/// An entity out of turn, with the scope that it is in.
package struct ScopedEntry: Sendable, Hashable {
  package var scope: Scope
  package var entry: ChangeEntry

  package init(scope: Scope, entry: ChangeEntry) {
    self.scope = scope
    self.entry = entry
  }
}

/// The answer to a Fetch, in one or more frames.
package struct FetchedEntities: Sendable, Hashable {
  package var request: UInt32
  package var entries: [ScopedEntry]
  package var isLast: Bool

  package init(request: UInt32, entries: [ScopedEntry], isLast: Bool) {
    self.request = request
    self.entries = entries
    self.isLast = isLast
  }
}

/// One ledger entry with its proof.
package struct ProvedEntry: Sendable, Hashable {
  package var index: UInt64
  package var leafRecord: [UInt8]
  package var envelope: SignedEnvelope
  package var inclusion: [Digest]
  /// Only in answers to a range: the parts that are not erased.
  package var parts: [[UInt8]]

  package init(index: UInt64, leafRecord: [UInt8], envelope: SignedEnvelope, inclusion: [Digest], parts: [[UInt8]] = []) {
    self.index = index
    self.leafRecord = leafRecord
    self.envelope = envelope
    self.inclusion = inclusion
    self.parts = parts
  }
}

/// The answer to a ProofRequest, in one or more frames.
package struct Proofs: Sendable, Hashable {
  package var request: UInt32
  /// The size that the inclusion proofs are for.
  package var size: UInt64
  package var entries: [ProvedEntry]
  /// Asked for and not given: not there, or not this device's to see.
  package var refused: [UInt64]
  package var isLast: Bool

  package init(request: UInt32, size: UInt64, entries: [ProvedEntry], refused: [UInt64], isLast: Bool) {
    self.request = request
    self.size = size
    self.entries = entries
    self.refused = refused
    self.isLast = isLast
  }
}

/// The server's rows of the leaves that differed. What the client holds in these leaves with numbers up to `head`
/// and does not find in the pages is gone.
package struct RepairPage: Sendable, Hashable {
  package var scope: Scope
  package var head: UInt64
  /// The differing leaves; the same list in every page of one repair.
  package var leaves: [UInt8]
  package var entries: [ChangeEntry]
  package var isLast: Bool

  package init(scope: Scope, head: UInt64, leaves: [UInt8], entries: [ChangeEntry], isLast: Bool) {
    self.scope = scope
    self.head = head
    self.leaves = leaves
    self.entries = entries
    self.isLast = isLast
  }
}

/// Why a session ends. The WebSocket close code is 4000 plus this number.
package enum GoodbyeCode: UInt32, Sendable, Hashable, CaseIterable {
  case ordinary = 1
  case malformedFrame = 2
  case unexpectedFrame = 3
  case tooLarge = 4
  case unauthorized = 5
  case versionUnsupported = 6
  case unknownTenant = 7
  case badSignature = 8
  case forked = 9
  case replaced = 10
  case rateLimited = 11
  case slowReader = 12
  case idle = 13
  case shuttingDown = 14
  case serverTrouble = 15
  case deviceRevoked = 16
  case numberGap = 17
  case rolledBack = 18

  package var webSocketCloseCode: UInt16 { 4000 + UInt16(rawValue) }
}
