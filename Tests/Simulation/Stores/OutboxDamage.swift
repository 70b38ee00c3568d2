// A disk that changes bits of what a device has queued, and says nothing: rows are read with the change, whatever keeps them.
import ReviewModel
import Storage
import Trust

/// Which rows of an outbox are damaged, and how. Lasts as long as the file.
final class OutboxDamage {
  enum Place: Hashable {
    case body
    case part
    case envelope
  }

  private struct Flip {
    let place: Place
    /// Taken modulo the number of bits that there are.
    let bit: Int
    /// Of the envelope that is damaged; one that is made anew is not.
    let signature: Signature?
  }

  private var flips: [Int64: Flip] = [:]

  var isEmpty: Bool { flips.isEmpty }

  func copy() -> OutboxDamage {
    let copy = OutboxDamage()
    copy.flips = flips
    return copy
  }

  /// Changes a bit of a row, and answers where.
  func strike(_ row: OutboxRow, random: SeededRandom) -> Place {
    var places = [Place.body]
    if !row.mutation.parts.isEmpty { places.append(.part) }
    if row.envelope != nil { places.append(.envelope) }
    let place = random.pick(places) ?? .body
    flips[row.row] = Flip(place: place, bit: random.below(1 << 20), signature: row.envelope?.signature)
    return place
  }

  /// - Parameter isTrusted: whether the change is taken for what was queued, as by a program without checksums.
  func damaged(_ row: OutboxRow, isTrusted: Bool) -> OutboxRow {
    guard let flip = flips[row.row] else { return row }
    var row = row
    switch flip.place {
    case .body: Self.turn(flip.bit, &row.mutation.body)
    case .part:
      guard let part = row.mutation.parts.first else { return row }
      var bytes = part.bytes
      Self.turn(flip.bit, &bytes)
      row.mutation.parts.removeFirst()
      if let part = Part(bytes) { row.mutation.parts.insert(part, at: 0) }
    case .envelope:
      guard let envelope = row.envelope, envelope.signature == flip.signature else { return row }
      var bytes = envelope.bytes
      Self.turn(flip.bit, &bytes)
      row.envelope = SignedEnvelope(bytes: bytes, signature: envelope.signature)
    }
    if isTrusted { row.mutation = Self.trusted(row.mutation) }
    return row
  }

  private static func turn(_ bit: Int, _ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    bytes[bit / 8 % bytes.count] ^= 1 << UInt8(bit % 8)
  }

  private static func trusted(_ mutation: QueuedMutation) -> QueuedMutation {
    QueuedMutation(
      mutationID: mutation.mutationID, lane: mutation.lane, body: mutation.body, parts: mutation.parts, clock: mutation.clock,
      queuedMilliseconds: mutation.queuedMilliseconds)
  }
}

/// An outbox as it is read from a damaged disk.
// Guard: a run lives on one thread.
final class DamagedOutbox: OutboxStore, @unchecked Sendable {
  private let store: any OutboxStore
  private let damage: (OutboxRow) -> OutboxRow

  init(_ store: any OutboxStore, damage: OutboxDamage, isTrusted: Bool) {
    self.store = store
    self.damage = { damage.damaged($0, isTrusted: isTrusted) }
  }

  func unanswered() throws(StorageError) -> [OutboxRow] { try store.unanswered().map(damage) }
  func replayable() throws(StorageError) -> [OutboxRow] { try store.replayable().map(damage) }
  func row(mutation: MutationID) throws(StorageError) -> OutboxRow? { try store.row(mutation: mutation).map(damage) }
  func offered(lane: UInt32) throws(StorageError) -> [OutboxRow] { try store.offered(lane: lane).map(damage) }

  func answered(isRefused: Bool, limit: Int) throws(StorageError) -> [OutboxRow] {
    try store.answered(isRefused: isRefused, limit: limit).map(damage)
  }

  func offer(
    lane: UInt32, limit: OfferLimit, sign: (OutboxRow, LanePosition) throws -> SignedEnvelope
  ) throws(StorageError) -> [OutboxRow] {
    try store.offer(lane: lane, limit: limit) { row, last in try sign(damage(row), last) }.map(damage)
  }

  // MARK: What no damage concerns

  func append(_ mutations: [QueuedMutation]) throws(StorageError) -> [OutboxRow] { try store.append(mutations) }
  func cut(_ rows: [Int64]) throws(StorageError) -> Bool { try store.cut(rows) }
  func counts() throws(StorageError) -> OutboxCounts { try store.counts() }
  func version() throws(StorageError) -> UInt64 { try store.version() }
  func quarantined(lane: UInt32) throws(StorageError) -> Set<UInt64> { try store.quarantined(lane: lane) }
  func lanes() throws(StorageError) -> [UInt32: LanePosition] { try store.lanes() }
  func record(_ answers: [AnsweredRow]) throws(StorageError) { try store.record(answers) }
  func retire(throughSeq seq: UInt64) throws(StorageError) { try store.retire(throughSeq: seq) }
  func quarantine(_ row: Int64, reason: String) throws(StorageError) { try store.quarantine(row, reason: reason) }
  func renumber(afterEnrolment hash: Digest) throws(StorageError) { try store.renumber(afterEnrolment: hash) }
  func offerAgain(refusedBelowRules version: UInt32) throws(StorageError) -> Int {
    try store.offerAgain(refusedBelowRules: version)
  }
  func prune(durableThrough size: UInt64, answeredBeforeMilliseconds: UInt64, keepBytes: Int) throws(StorageError) -> Int {
    try store.prune(durableThrough: size, answeredBeforeMilliseconds: answeredBeforeMilliseconds, keepBytes: keepBytes)
  }
  func erase(parts: Set<Digest>) throws(StorageError) { try store.erase(parts: parts) }
  func checkpoints() throws(StorageError) -> [SeenNote] { try store.checkpoints() }
  func append(checkpoint: SeenNote) throws(StorageError) { try store.append(checkpoint: checkpoint) }
  func lastRead(_ subjects: [SubjectID]) throws(StorageError) -> [SubjectID: Digest] { try store.lastRead(subjects) }
  func setLastRead(_ read: [SubjectID: Digest]) throws(StorageError) { try store.setLastRead(read) }
  func setting(_ name: String) throws(StorageError) -> String? { try store.setting(name) }
  func set(_ name: String, to value: String?) throws(StorageError) { try store.set(name, to: value) }
  func close() throws(StorageError) { try store.close() }
}
