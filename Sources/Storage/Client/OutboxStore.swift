// What a store must do for a device's outbox: what was said and is not yet safe on the server. Never touched by a reset of
// the cache. Several processes append; one sends. Every function is one durable transaction.
import ReviewModel
import Trust

package protocol OutboxStore: AnyObject, Sendable {
  // MARK: Commands

  /// Appends mutations in order, all or none. Their row numbers are ascending and never reused.
  /// - Throws: `conflict` if one of the mutation ids is there already.
  func append(_ mutations: [QueuedMutation]) throws(StorageError) -> [OutboxRow]
  /// Rows that the server has not answered, in enqueue order across lanes.
  func unanswered() throws(StorageError) -> [OutboxRow]
  /// Rows whose answer is not yet seen in the cache (see `retire`), and unanswered ones: what the view replays, in order.
  func replayable() throws(StorageError) -> [OutboxRow]
  /// Cuts rows, if none of them was ever offered; otherwise all of them stay. Answers whether they were cut.
  func cut(_ rows: [Int64]) throws(StorageError) -> Bool
  /// Answered and quarantined rows, newest row first; with `isRefused` only those that were not (wholly) applied.
  func answered(isRefused: Bool, limit: Int) throws(StorageError) -> [OutboxRow]
  func row(mutation: MutationID) throws(StorageError) -> OutboxRow?
  func counts() throws(StorageError) -> OutboxCounts
  /// Ascends with every write that changes anything, by any process: cheap to ask, for observers.
  func version() throws(StorageError) -> UInt64

  // MARK: Sending

  /// Takes up to `limit` queued rows of a lane, gives them numbers, chain and signature by `sign`, and notes
  /// "offered through n", all before anything is written to a socket. Answers them ready to send.
  /// `sign` is given the row with its new number and the lane's last position, whose hash is the previous hash. It runs
  /// inside of the transaction: it must not call the store. If it throws, nothing was offered. At least one row is
  /// offered if one waits, whatever the byte limit.
  /// - Throws: `conflict` if an envelope is not for its row, number and previous hash; `signing` if `sign` threw.
  func offer(
    lane: UInt32, limit: OfferLimit, sign: (OutboxRow, LanePosition) throws -> SignedEnvelope
  ) throws(StorageError) -> [OutboxRow]
  /// Offered and not answered, by ascending number.
  func offered(lane: UInt32) throws(StorageError) -> [OutboxRow]
  /// Numbers of this identity whose rows were put aside: nobody will send them, so the lane cannot go on behind them.
  func quarantined(lane: UInt32) throws(StorageError) -> Set<UInt64>
  /// The lanes of this identity: the last number given.
  func lanes() throws(StorageError) -> [UInt32: LanePosition]
  /// Stores answers with their signed evidence. A row that has its answer keeps the first one; answers to numbers that no
  /// row of this identity has (the enrolment) are passed over.
  func record(_ answers: [AnsweredRow]) throws(StorageError)
  /// Notes that the cache has reached these commits: rows answered up to `seq` leave the replay for good, those that are
  /// answered later too. A smaller `seq` (a new cache, a new epoch) counts for answers that come after it.
  func retire(throughSeq seq: UInt64) throws(StorageError)
  /// Puts a damaged row aside as a local outcome, so that it is shown and never sent. The first reason stays.
  /// - Throws: `notFound`; `conflict` if the server has answered the row.
  func quarantine(_ row: Int64, reason: String) throws(StorageError)
  /// A new identity (a copied device): unanswered rows lose number, chain and signature and keep their mutation ids;
  /// the lanes begin anew after the enrolment, which was number 1 of lane 1.
  func renumber(afterEnrolment hash: Digest) throws(StorageError)
  /// Changes that rules older than `version` refused as `unsupported` are queued again, under their mutation ids: they lose
  /// number, envelope and answer. Answers how many.
  func offerAgain(refusedBelowRules version: UInt32) throws(StorageError) -> Int
  /// Forgets answered rows that are durable on the server (among the first `size` entries of its ledger), have left the
  /// replay, and were answered before the given time or lie beyond the newest `keepBytes`; what was refused `unsupported`
  /// is kept. Answers how many.
  func prune(durableThrough size: UInt64, answeredBeforeMilliseconds: UInt64, keepBytes: Int) throws(StorageError) -> Int

  /// Forgets the words of these parts in every row that the server has answered or that was put aside, and of rows still
  /// waiting for their answer as soon as it is there: they may have to be sent again until then, and so may rows that were
  /// refused as `unsupported`. Envelopes, answers and evidence stay.
  func erase(parts: Set<Digest>) throws(StorageError)

  // MARK: What is kept beside it

  /// Checkpoints that were verified, oldest first: evidence that outlives the cache.
  func checkpoints() throws(StorageError) -> [SeenNote]
  /// One that is there already (origin, size and root) is passed over.
  func append(checkpoint: SeenNote) throws(StorageError)
  /// The revision of each subject that this member read last on this device.
  func lastRead(_ subjects: [SubjectID]) throws(StorageError) -> [SubjectID: Digest]
  func setLastRead(_ read: [SubjectID: Digest]) throws(StorageError)
  func setting(_ name: String) throws(StorageError) -> String?
  func set(_ name: String, to value: String?) throws(StorageError)
  func close() throws(StorageError)
}

/// How far a row has come.
package enum OutboxRowState: UInt8, Sendable, Hashable {
  case queued = 1
  /// Has its number; bytes of it may have reached the server.
  case offered = 2
  case answered = 3
  /// Found damaged here; never sent.
  case quarantined = 4
}

/// A mutation in the outbox, with what became of it so far.
package struct OutboxRow: Sendable, Hashable {
  /// The order of enqueuing on this device.
  package var row: Int64
  package var mutation: QueuedMutation
  package var state: OutboxRowState
  package var number: UInt64?
  package var envelope: SignedEnvelope?
  package var answer: RowAnswer?
  /// Why it was quarantined.
  package var quarantineReason: String?

  package init(row: Int64, mutation: QueuedMutation, state: OutboxRowState) {
    self.row = row
    self.mutation = mutation
    self.state = state
  }
}

/// The server's answer with the evidence for it.
package struct RowAnswer: Sendable, Hashable {
  package var ledgerIndex: UInt64
  package var commitSeq: UInt64
  package var leafRecord: [UInt8]
  /// The canonical `OutcomesStatement` and the server's signature over it.
  package var statement: [UInt8]
  package var signature: Signature
  package var answeredMilliseconds: UInt64
  /// Whether an inclusion proof of it was verified.
  package var isProved: Bool

  package init(
    ledgerIndex: UInt64, commitSeq: UInt64, leafRecord: [UInt8], statement: [UInt8], signature: Signature,
    answeredMilliseconds: UInt64, isProved: Bool
  ) {
    self.ledgerIndex = ledgerIndex
    self.commitSeq = commitSeq
    self.leafRecord = leafRecord
    self.statement = statement
    self.signature = signature
    self.answeredMilliseconds = answeredMilliseconds
    self.isProved = isProved
  }
}

/// An answer on its way into the outbox.
package struct AnsweredRow: Sendable, Hashable {
  package var lane: UInt32
  package var number: UInt64
  package var answer: RowAnswer
  /// Whether any target was refused or parked: such rows stay in the list of refused ones.
  package var isRefused: Bool

  package init(lane: UInt32, number: UInt64, answer: RowAnswer, isRefused: Bool) {
    self.lane = lane
    self.number = number
    self.answer = answer
    self.isRefused = isRefused
  }
}

/// How much may be offered at once.
package struct OfferLimit: Sendable, Hashable {
  package var mutations: Int
  package var bytes: Int

  package init(mutations: Int, bytes: Int) {
    self.mutations = mutations
    self.bytes = bytes
  }
}

/// How many rows are in which state.
package struct OutboxCounts: Sendable, Hashable {
  package var queued = 0
  package var offered = 0
  package var refused = 0
  package var parked = 0
  package var quarantined = 0
  package var oldestUnansweredMilliseconds: UInt64?

  package init() {}

  package var unanswered: Int { queued + offered }
}

/// A checkpoint that this device has verified.
package struct SeenNote: Sendable, Hashable {
  package var checkpoint: SeenCheckpoint
  package var note: String
  package var seenMilliseconds: UInt64

  package init(checkpoint: SeenCheckpoint, note: String, seenMilliseconds: UInt64) {
    self.checkpoint = checkpoint
    self.note = note
    self.seenMilliseconds = seenMilliseconds
  }
}
