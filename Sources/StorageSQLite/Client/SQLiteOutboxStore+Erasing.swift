// The outbox as a SQLite file: forgetting words that were erased. Parts of rows that may have to be sent again are noted as
// settings, for which files of every version have a place.
import GRDB
import Storage
import Trust

extension SQLiteOutboxStore {
  private static let markerPrefix = "erased/"
  /// Rows that may yet be sent, and so need all their parts. A row without an answer has no standing.
  private static let mayBeSent = "(state IN (1, 2) OR standing IS \(AnswerStanding.unsupported.rawValue))"

  package func erase(parts: Set<Digest>) throws(StorageError) {
    guard !parts.isEmpty else { return }
    let hasErased = try write { database in
      for digest in try Self.held(parts, in: database).sorted() {
        try database.runClient("INSERT OR IGNORE INTO setting (name, value) VALUES (?, '')", [Self.markerPrefix + digest.hex])
      }
      return try Self.strip(parts, in: database)
    }
    if hasErased { database.tryToEmptyLog() }
  }

  /// What was erased while these rows waited goes from them now; what no row waits with any more need not be remembered.
  /// Answers whether anything went.
  static func settle(_ settled: [Int64], in database: Database) throws -> Bool {
    let erased = try erasedParts(in: database)
    guard !erased.isEmpty else { return false }
    var hasErased = false
    for row in settled {
      if try strip(erased, "AND row = ?", [row], in: database) { hasErased = true }
    }
    for digest in erased.subtracting(try held(erased, in: database)).sorted() {
      try database.runClient("DELETE FROM setting WHERE name = ?", [markerPrefix + digest.hex])
    }
    return hasErased
  }

  /// Takes the parts out of rows that are not sent any more. Answers whether there were any.
  private static func strip(
    _ parts: Set<Digest>, _ condition: String = "", _ arguments: StatementArguments = [], in database: Database
  ) throws -> Bool {
    var stripped: [(row: Int64, parts: [UInt8])] = []
    let sql = "SELECT row, parts FROM mutation WHERE NOT \(mayBeSent) AND length(parts) > 0 \(condition)"
    try database.eachClientRow(sql, arguments) { row in
      guard let kept = PartList.removing(parts, from: row.bytes(1)) else { return }
      stripped.append((row: row.integer(0), parts: kept))
    }
    for (row, kept) in stripped {
      try database.runClient("UPDATE mutation SET parts = ? WHERE row = ?", [kept.clientBlob, row])
    }
    return !stripped.isEmpty
  }

  /// Those of the parts that a row may have to be sent with.
  private static func held(_ parts: Set<Digest>, in database: Database) throws -> Set<Digest> {
    var held: Set<Digest> = []
    try database.eachClientRow("SELECT parts FROM mutation WHERE \(mayBeSent) AND length(parts) > 0") { row in
      held.formUnion(PartList.digests(row.bytes(0)).filter(parts.contains))
    }
    return held
  }

  /// The parts that are noted. In the order of names, "0" follows the slash.
  private static func erasedParts(in database: Database) throws -> Set<Digest> {
    let names = try database.clientRows("SELECT name FROM setting WHERE name > 'erased/' AND name < 'erased0'") { $0.text(0) }
    return Set(names.compactMap { Digest(hex: $0.dropFirst(markerPrefix.count)) })
  }
}
