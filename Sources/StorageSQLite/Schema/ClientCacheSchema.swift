// The tables of `cache.sqlite`. A change of this text is a new version; the cache is fetched again then, not migrated.
import Storage

extension ClientFileKind {
  /// `synchronous = NORMAL` is right here: losing power may lose the last commits, never the file's integrity, and the
  /// cursors are lost with the rows they count, so the server sends both again.
  static let cache = ClientFileKind(
    file: .cache, name: "cache", applicationID: 0x4353_4341, version: 1, schema: cacheSchema + searchSchema,
    synchronous: .normal,
    pageCacheKibibytes: 32_768)

  private static let cacheSchema = """
    CREATE TABLE scope (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, cursor INTEGER NOT NULL, digest BLOB NOT NULL);
    -- One row for each entity and scope; payload and hash NULL: it departed, and an older version must not come back.
    CREATE TABLE base (
      row INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL,
      id BLOB NOT NULL,
      scope INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      item_hash BLOB,
      parent BLOB,
      ledger_index INTEGER,
      payload BLOB
    );
    CREATE UNIQUE INDEX base_key ON base (kind, id, scope);
    CREATE INDEX base_leaf ON base (scope, leaf);
    CREATE INDEX base_parent ON base (kind, parent) WHERE parent IS NOT NULL;
    CREATE INDEX base_ledger ON base (ledger_index) WHERE ledger_index IS NOT NULL;
    -- Payload NULL: hidden.
    CREATE TABLE overlay (
      row INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL,
      id BLOB NOT NULL,
      scope TEXT NOT NULL,
      parent BLOB,
      payload BLOB
    );
    CREATE UNIQUE INDEX overlay_key ON overlay (kind, id);
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO counter (name, value) VALUES ('base_version', 0), ('overlay_outbox', 0), ('overlay_base', 0);
    CREATE TABLE evidence (
      ledger_index INTEGER PRIMARY KEY,
      leaf_record BLOB NOT NULL,
      envelope BLOB NOT NULL,
      signature BLOB NOT NULL,
      size INTEGER NOT NULL,
      inclusion BLOB NOT NULL
    );
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE subject_index (
      row INTEGER PRIMARY KEY,
      subject BLOB NOT NULL UNIQUE,
      item BLOB,
      campaign BLOB NOT NULL,
      campaign_name TEXT NOT NULL,
      platform TEXT NOT NULL,
      account TEXT NOT NULL,
      locale TEXT NOT NULL,
      document_kind TEXT NOT NULL,
      state TEXT NOT NULL,
      revision BLOB NOT NULL,
      title TEXT NOT NULL,
      text TEXT NOT NULL,
      updated_milliseconds INTEGER NOT NULL,
      waits_for_me INTEGER NOT NULL,
      is_pending INTEGER NOT NULL
    );
    CREATE INDEX subject_order ON subject_index (updated_milliseconds, subject);
    CREATE INDEX subject_waiting ON subject_index (updated_milliseconds, subject) WHERE waits_for_me = 1;

    """

  /// The words of the index live once, in `subject_index`; the triggers keep the full text in step whoever writes it, and
  /// cost nothing when a row changes without its words.
  private static let searchSchema = """
    CREATE VIRTUAL TABLE subject_text USING fts5 (
      title, text, campaign_name, platform, content = 'subject_index', content_rowid = 'row',
      tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE TRIGGER subject_index_insert AFTER INSERT ON subject_index BEGIN
      INSERT INTO subject_text (rowid, title, text, campaign_name, platform)
      VALUES (new.row, new.title, new.text, new.campaign_name, new.platform);
    END;
    CREATE TRIGGER subject_index_delete AFTER DELETE ON subject_index BEGIN
      INSERT INTO subject_text (subject_text, rowid, title, text, campaign_name, platform)
      VALUES ('delete', old.row, old.title, old.text, old.campaign_name, old.platform);
    END;
    CREATE TRIGGER subject_index_update AFTER UPDATE ON subject_index
    WHEN old.title <> new.title OR old.text <> new.text OR old.campaign_name <> new.campaign_name
      OR old.platform <> new.platform
    BEGIN
      INSERT INTO subject_text (subject_text, rowid, title, text, campaign_name, platform)
      VALUES ('delete', old.row, old.title, old.text, old.campaign_name, old.platform);
      INSERT INTO subject_text (rowid, title, text, campaign_name, platform)
      VALUES (new.row, new.title, new.text, new.campaign_name, new.platform);
    END;
    """
}
