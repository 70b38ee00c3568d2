// The tables of `outbox.sqlite`. A change of this text is a new version with a migration: the file is never thrown away.
import Storage

extension ClientFileKind {
  static let outbox = ClientFileKind(
    file: .outbox, name: "outbox", applicationID: 0x4353_4F42, version: 2, schema: outboxSchema,
    migrations: [1: "ALTER TABLE mutation ADD COLUMN checksum BLOB"], synchronous: .full, pageCacheKibibytes: 2_048)

  private static let outboxSchema = """
    -- AUTOINCREMENT: a row number that was cut or pruned is never given again.
    CREATE TABLE mutation (
      row INTEGER PRIMARY KEY AUTOINCREMENT,
      mutation_id BLOB NOT NULL UNIQUE,
      lane INTEGER NOT NULL,
      state INTEGER NOT NULL,
      body BLOB NOT NULL,
      parts BLOB NOT NULL,
      wall_milliseconds INTEGER NOT NULL,
      counter INTEGER NOT NULL,
      queued_milliseconds INTEGER NOT NULL,
      generation INTEGER,
      number INTEGER,
      envelope BLOB,
      signature BLOB,
      ledger_index INTEGER,
      commit_seq INTEGER,
      leaf_record BLOB,
      statement INTEGER REFERENCES statement (id),
      answered_milliseconds INTEGER,
      is_proved INTEGER,
      standing INTEGER,
      -- 1 once the view no longer replays it.
      is_retired INTEGER NOT NULL DEFAULT 0,
      quarantine_reason TEXT,
      -- NULL: a program of version 1 queued it.
      checksum BLOB
    );
    -- Numbers belong to an identity: a copied device begins a new generation.
    CREATE UNIQUE INDEX mutation_number ON mutation (generation, lane, number) WHERE number IS NOT NULL;
    CREATE INDEX mutation_state ON mutation (state, lane, row);
    CREATE INDEX mutation_replayed ON mutation (row) WHERE is_retired = 0;
    -- One signed statement answers many mutations.
    CREATE TABLE statement (
      id INTEGER PRIMARY KEY,
      digest BLOB NOT NULL UNIQUE,
      bytes BLOB NOT NULL,
      signature BLOB NOT NULL
    );
    CREATE INDEX mutation_statement ON mutation (statement) WHERE statement IS NOT NULL;
    CREATE TABLE lane (lane INTEGER PRIMARY KEY, number INTEGER NOT NULL, hash BLOB NOT NULL);
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO counter (name, value) VALUES ('version', 1), ('generation', 1), ('retired_through', 0);
    CREATE TABLE checkpoint (
      id INTEGER PRIMARY KEY,
      origin TEXT NOT NULL,
      size INTEGER NOT NULL,
      root BLOB NOT NULL,
      note TEXT NOT NULL,
      seen_milliseconds INTEGER NOT NULL,
      UNIQUE (origin, size, root)
    );
    CREATE TABLE last_read (subject BLOB PRIMARY KEY, revision BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """
}
