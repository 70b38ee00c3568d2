// The tables of the server's own database.

extension ServerSchema {
  /// "CSDr": tenants, invitations and settings of a server.
  static let directory = ServerSchema(
    applicationID: 0x4353_4472, name: "the server's directory", steps: [directoryVersion1, directoryVersion2])

  private static let directoryVersion1 = """
    CREATE TABLE tenants (
      id BLOB NOT NULL PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      created_milliseconds INTEGER NOT NULL,
      root_fingerprint BLOB
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE invitations (
      key BLOB NOT NULL PRIMARY KEY,
      tenant BLOB NOT NULL,
      member BLOB NOT NULL,
      roles TEXT NOT NULL,
      name TEXT NOT NULL,
      created_milliseconds INTEGER NOT NULL,
      expires_milliseconds INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE settings (
      name TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  /// What each tenant's ledger must hold before it is written again: it was shown, under this server's own signature.
  private static let directoryVersion2 = """
    CREATE TABLE old_copies (
      tenant BLOB NOT NULL PRIMARY KEY,
      origin TEXT NOT NULL,
      size INTEGER NOT NULL,
      root BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
