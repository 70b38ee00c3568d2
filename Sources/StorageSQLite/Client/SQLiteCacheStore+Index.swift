// The cache's index of subjects: what lists and searches read without opening any entity.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteCacheStore {
  package func index(_ rows: [SubjectID: SubjectIndexRow?]) throws(StorageError) {
    try database.write { try Self.index(rows, in: $0) }
  }

  package func list(_ filter: SubjectFilter) throws(StorageError) -> [SubjectIndexRow] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let campaign = filter.campaign {
      conditions.append("campaign = ?")
      arguments += [campaign.bytes.clientBlob]
    }
    if let platform = filter.platform {
      conditions.append("platform = ?")
      arguments += [platform]
    }
    if !filter.states.isEmpty {
      conditions.append("state IN (\(Array(repeating: "?", count: filter.states.count).joined(separator: ", ")))")
      arguments += StatementArguments(filter.states)
    }
    if filter.waitsForMe { conditions.append("waits_for_me = 1") }
    let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
    guard filter.limit >= Self.wholeListLimit else {
      arguments += [max(filter.limit, 0)]
      return try lines("\(SubjectIndexRow.selection) \(condition) ORDER BY updated_milliseconds, subject LIMIT ?", arguments)
    }
    let lines = try wholeLines("\(SubjectIndexRow.selection) NOT INDEXED \(condition)", arguments)
    return lines.count <= filter.limit ? lines : Array(lines.prefix(filter.limit))
  }

  /// From here on a list is read in the file's order and sorted afterwards: an index would send SQLite to and fro through
  /// the file for every line, which took twice as long for 10,000 of them.
  private static let wholeListLimit = 2_000

  private static let scanKibibytes = 1_024

  private typealias LineKey = (updated: UInt64, subject: SubjectID, place: Int)

  private func wholeLines(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> [SubjectIndexRow] {
    try database.read { database in
      var lines: [SubjectIndexRow] = []
      var keys: [LineKey] = []
      // Growing by and by would touch twice the memory, and clearing memory is a good part of a short command's time.
      lines.reserveCapacity(Int(try database.clientRow("SELECT count(*) FROM subject_index") { $0.integer(0) } ?? 0))
      keys.reserveCapacity(lines.capacity)
      // Pages that are read once are not worth keeping: to take memory for them costs more than to read them.
      try database.execute(sql: "PRAGMA cache_size = -\(Self.scanKibibytes)")
      try database.eachClientRow(sql, arguments) { row in
        let line = try SubjectIndexRow(columns: row)
        keys.append((updated: line.updatedMilliseconds, subject: line.subject, place: keys.count))
        lines.append(line)
      }
      try database.execute(sql: "PRAGMA cache_size = -\(ClientFileKind.cache.pageCacheKibibytes)")
      Self.sort(&lines, by: &keys)
      return lines
    }
  }

  /// Sorts the small keys, then moves every line to where its key is: copying one would count up all its strings.
  private static func sort(_ lines: inout [SubjectIndexRow], by keys: inout [LineKey]) {
    keys.sort { ($0.updated, $0.subject) < ($1.updated, $1.subject) }
    var places = keys.map(\.place)
    // Safe: each circle takes one line out, moves every other of its lines once, and puts the first one into the last hole.
    lines.withUnsafeMutableBufferPointer { lines in
      for start in places.indices where places[start] != start {
        // One circle of lines that take each other's places; what has its place is marked by its own number.
        let first = lines.moveElement(from: start)
        var hole = start
        while places[hole] != start {
          let source = places[hole]
          lines.initializeElement(at: hole, to: lines.moveElement(from: source))
          places[hole] = hole
          hole = source
        }
        lines.initializeElement(at: hole, to: first)
        places[hole] = hole
      }
    }
  }

  package func subjectCounts() throws(StorageError) -> SubjectCounts {
    // Both counts are read from small indexes.
    let sql = """
      SELECT (SELECT count(*) FROM subject_index), (SELECT count(*) FROM subject_index WHERE waits_for_me = 1)
      """
    let counts = try database.readOnce { database in
      try database.clientRow(sql) { SubjectCounts(all: Int($0.integer(0)), waitingForMe: Int($0.integer(1))) }
    }
    return counts ?? SubjectCounts(all: 0, waitingForMe: 0)
  }

  private func lines(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> [SubjectIndexRow] {
    try database.readOnce { try $0.clientRows(sql, arguments) { try SubjectIndexRow(columns: $0) } }
  }

  package func search(_ words: [String], limit: Int) throws(StorageError) -> [SubjectIndexRow] {
    // Words hold letters and digits only, so nothing of a query's syntax can be among them.
    let query = SearchWords.split(words).map { "\"\($0)\"*" }.joined(separator: " ")
    guard !query.isEmpty else { return [] }
    let sql = """
      \(SubjectIndexRow.selection) WHERE row IN (SELECT rowid FROM subject_text WHERE subject_text MATCH ?)
      ORDER BY updated_milliseconds DESC, subject LIMIT ?
      """
    return try lines(sql, [query, max(limit, 0)])
  }

  package func subjects(idPrefix: String, limit: Int) throws(StorageError) -> [SubjectID] {
    try ids(.subject, byteCount: SubjectID.byteCount, prefix: idPrefix, limit: limit).compactMap(SubjectID.init)
  }

  package func revisions(digestPrefix: String, limit: Int) throws(StorageError) -> [Digest] {
    try ids(.revision, byteCount: Digest.byteCount, prefix: digestPrefix, limit: limit).compactMap { Digest($0) }
  }

  private func ids(
    _ kind: EntityKind, byteCount: Int, prefix: String, limit: Int
  ) throws(StorageError) -> [[UInt8]] {
    guard let range = PrefixRange(hex: prefix, byteCount: byteCount) else { return [] }
    // UNION takes care that an id in two scopes, or in base and overlay, is found once.
    let sql = """
      SELECT b.id FROM base b WHERE b.kind = ?1 AND b.id BETWEEN ?2 AND ?3 AND b.payload IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.kind = b.kind AND o.id = b.id)
      UNION SELECT id FROM overlay WHERE kind = ?1 AND id BETWEEN ?2 AND ?3 AND payload IS NOT NULL
      ORDER BY 1 LIMIT ?4
      """
    let arguments: StatementArguments = [
      Int64(kind.rawValue), range.lower.clientBlob, range.upper.clientBlob, max(limit, 0),
    ]
    return try database.readOnce { try $0.clientRows(sql, arguments) { $0.bytes(0) } }
  }

  static func index(_ rows: [SubjectID: SubjectIndexRow?], in database: Database) throws {
    let rows = rows.sorted { $0.key < $1.key }
    for (subject, row) in rows where row == nil {
      try database.runClient("DELETE FROM subject_index WHERE subject = ?", [subject.bytes.clientBlob])
    }
    var lines = rows.compactMap { subject, row in row?.arguments(subject: subject) }[...]
    for count in statementSizes {
      while lines.count >= count {
        let arguments = lines.prefix(count).reduce(into: StatementArguments()) { $0 += $1 }
        try database.runClient(SubjectIndexRow.insertion(count), arguments)
        lines.removeFirst(count)
      }
    }
  }

  /// Lines to a statement. Each statement that sets off triggers makes the full text write out what it has gathered, so many
  /// lines at once are written faster; and only a few different statements are kept prepared.
  private static let statementSizes = [64, 16, 4, 1]
}
