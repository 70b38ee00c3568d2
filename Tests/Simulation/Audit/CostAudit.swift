// What a catch-up costs: in a scope, a device that holds everything up to its cursor is sent no more rows than were written since,
// and no more bytes than those rows have, with a bounded head for each. However large the rest of the world is.
import ReviewModel
import Storage
import SyncProtocol

final class CostAudit {
  /// What a row takes in a frame beside its id and payload, and a frame beside its rows.
  static let bytesARow = 32
  static let bytesAFrame = 160

  private struct Written {
    var seqs: [UInt64] = []
    /// Bytes of everything written up to the row of the same place.
    var sums: [Int] = []

    mutating func add(_ seq: UInt64, byteCount: Int) {
      seqs.append(seq)
      sums.append((sums.last ?? 0) + byteCount)
    }

    /// How many rows, and of how many bytes, have numbers in (from, to].
    func between(_ from: UInt64, _ to: UInt64) -> (rows: Int, bytes: Int) {
      let first = place(after: from)
      let last = place(after: to)
      guard last > first else { return (0, 0) }
      return (last - first, sums[last - 1] - (first > 0 ? sums[first - 1] : 0))
    }

    private func place(after seq: UInt64) -> Int {
      var low = 0
      var high = seqs.count
      while low < high {
        let middle = (low + high) / 2
        if seqs[middle] <= seq { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  private struct Sending {
    let cursor: UInt64
    var rows = 0
    var bytes = 0
  }

  private var written: [Scope: Written] = [:]
  /// What devices have asked for, by connection, on its way to the server.
  private var asked: [Int: [Subscribe]] = [:]
  private var sendings: [Int: [Scope: Sending]] = [:]
  /// Not where a planted bug changes what is stored behind the back of those who send it.
  private let countsBytes: Bool
  private(set) var rowsSent = 0
  private(set) var bytesSent = 0

  init(bug: PlantedBug?) { countsBytes = bug?.changesWrites != true }

  func note(_ batch: CommitBatch) {
    for write in batch.writes {
      let bytes = write.key.id.count + (write.payload?.count ?? 0)
      written[write.scope, default: Written()].add(write.seq, byteCount: bytes)
    }
  }

  /// A device asks, with the cursors that it really has.
  func subscribes(_ subscribe: Subscribe, over link: Int) { asked[link, default: []].append(subscribe) }

  /// The server reads what was asked.
  func subscribed(over link: Int) {
    guard let next = asked[link]?.first else { return }
    asked[link]?.removeFirst()
    for cursor in next.cursors { sendings[link, default: [:]][cursor.scope] = Sending(cursor: cursor.cursor) }
  }

  func closed(_ link: Int) {
    asked[link] = nil
    sendings[link] = nil
  }

  func sends(_ changes: Changes, byteCount: Int, over link: Int) throws {
    guard var sending = sendings[link]?[changes.scope] else { return }
    let bytes = changes.entries.reduce(0) { $0 + $1.key.id.count + ($1.payload?.count ?? 0) }
    sending.rows += changes.entries.count
    sending.bytes += bytes
    sendings[link]?[changes.scope] = sending
    rowsSent += changes.entries.count
    bytesSent += byteCount
    guard byteCount <= bytes + Self.bytesARow * changes.entries.count + Self.bytesAFrame else {
      throw Violation(.catchUpCost, "\(changes.entries.count) rows of \(bytes) bytes went in a frame of \(byteCount)")
    }
    let allowed = written[changes.scope]?.between(sending.cursor, changes.to) ?? (rows: 0, bytes: 0)
    guard sending.rows <= allowed.rows, sending.bytes <= allowed.bytes || !countsBytes else {
      throw Violation(
        .catchUpCost,
        "\(sending.rows) rows (\(sending.bytes) bytes) of \(changes.scope) went to a device at \(sending.cursor), and "
          + "\(allowed.rows) rows (\(allowed.bytes) bytes) were written since, up to \(changes.to)")
    }
  }
}
