// The tables of one tenant's database.

extension ServerSchema {
  /// "CSTn": one tenant's ledger, change log and outcomes.
  static let tenant = ServerSchema(applicationID: 0x4353_546E, name: "a tenant's database", steps: [tenantVersion1])

  // Rows of `entities` lie in the order of the change log, so that a page is read in one sweep; a row that changes moves to
  // the end. `entities_by_scope` covers everything that is filtered by, so that counting and repair never touch payloads.
  private static let tenantVersion1 = """
    CREATE TABLE meta (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      tenant BLOB NOT NULL,
      epoch BLOB NOT NULL,
      seq INTEGER NOT NULL,
      ledger_size INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE ledger (
      ledger_index INTEGER PRIMARY KEY,
      leaf_hash BLOB NOT NULL,
      mutation_id BLOB NOT NULL,
      body_digest BLOB NOT NULL,
      member BLOB NOT NULL,
      device BLOB NOT NULL,
      lane INTEGER NOT NULL,
      number INTEGER NOT NULL,
      commit_seq INTEGER NOT NULL,
      signature BLOB NOT NULL,
      leaf_record BLOB NOT NULL,
      envelope BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX ledger_by_lane ON ledger (device, lane, number);
    CREATE INDEX ledger_by_mutation ON ledger (mutation_id);
    CREATE TABLE parts (
      digest BLOB NOT NULL UNIQUE,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE merkle_nodes (
      level INTEGER NOT NULL,
      node_index INTEGER NOT NULL,
      hash BLOB NOT NULL,
      PRIMARY KEY (level, node_index)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE scopes (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      head INTEGER NOT NULL,
      digest BLOB NOT NULL
    ) STRICT;
    CREATE TABLE entities (
      seq INTEGER PRIMARY KEY,
      scope INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      id BLOB NOT NULL,
      leaf INTEGER NOT NULL,
      is_departure INTEGER NOT NULL,
      item_hash BLOB,
      payload BLOB
    ) STRICT;
    CREATE UNIQUE INDEX entities_by_key ON entities (kind, id, scope);
    CREATE UNIQUE INDEX entities_by_scope ON entities (scope, seq, is_departure, kind, leaf);
    CREATE TABLE lanes (
      device BLOB NOT NULL,
      lane INTEGER NOT NULL,
      number INTEGER NOT NULL,
      hash BLOB NOT NULL,
      PRIMARY KEY (device, lane)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE touches (
      kind INTEGER NOT NULL,
      id BLOB NOT NULL,
      ledger_index INTEGER NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE deciding (
      hash BLOB NOT NULL PRIMARY KEY,
      crash_count INTEGER NOT NULL,
      is_set INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
