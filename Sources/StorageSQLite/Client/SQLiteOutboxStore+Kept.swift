// The outbox as a SQLite file: checkpoints, what was read last, and settings, which outlive the cache too.
import GRDB
import ReviewModel
import Storage
import Trust

extension SQLiteOutboxStore {
  package func checkpoints() throws(StorageError) -> [SeenNote] {
    try database.readOnce { database in
      try database.clientRows("SELECT origin, size, root, note, seen_milliseconds FROM checkpoint ORDER BY id") { row in
        guard let root = Digest(row.bytes(2)) else {
          throw StorageError(.damaged, "A checkpoint in the outbox is damaged; compare fingerprints with an admin.")
        }
        return SeenNote(
          checkpoint: SeenCheckpoint(origin: row.text(0), size: row.unsigned(1), root: root), note: row.text(3),
          seenMilliseconds: row.unsigned(4))
      }
    }
  }

  package func append(checkpoint seen: SeenNote) throws(StorageError) {
    try write { database in
      try database.runClient(
        "INSERT OR IGNORE INTO checkpoint (origin, size, root, note, seen_milliseconds) VALUES (?, ?, ?, ?, ?)",
        [
          seen.checkpoint.origin, seen.checkpoint.size.clientInteger, seen.checkpoint.root.bytes.clientBlob, seen.note,
          seen.seenMilliseconds.clientInteger,
        ])
    }
  }

  package func lastRead(_ subjects: [SubjectID]) throws(StorageError) -> [SubjectID: Digest] {
    try database.read { database in
      var read: [SubjectID: Digest] = [:]
      for subject in subjects {
        let bytes = try database.clientRow(
          "SELECT revision FROM last_read WHERE subject = ?", [subject.bytes.clientBlob]
        ) { $0.bytes(0) }
        if let bytes, let revision = Digest(bytes) { read[subject] = revision }
      }
      return read
    }
  }

  package func setLastRead(_ read: [SubjectID: Digest]) throws(StorageError) {
    try write { database in
      for (subject, revision) in read.sorted(by: { $0.key < $1.key }) {
        try database.runClient(
          """
          INSERT INTO last_read (subject, revision) VALUES (?1, ?2)
          ON CONFLICT (subject) DO UPDATE SET revision = ?2 WHERE revision <> ?2
          """,
          [subject.bytes.clientBlob, revision.bytes.clientBlob])
      }
    }
  }

  package func setting(_ name: String) throws(StorageError) -> String? {
    try database.readOnce { try $0.clientRow("SELECT value FROM setting WHERE name = ?", [name]) { $0.text(0) } }
  }

  package func set(_ name: String, to value: String?) throws(StorageError) {
    try write { database in
      if let value {
        try database.runClient(
          "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2 WHERE value <> ?2",
          [name, value])
      } else {
        try database.runClient("DELETE FROM setting WHERE name = ?", [name])
      }
    }
  }
}
