// The cache's erased words. Rows lose them at once, but a full-text index only notes that a word counts no more, and lines hold
// what was derived from the entity before. All of it is cleared when the view is made anew from the base that knows.
import GRDB
import Storage

extension SQLiteCacheStore {
  /// The version of the base that last brought entities without their words, until they are gone from everywhere else, too.
  private static let erasedBase = "erased_base"

  /// Notes that the base as it is now has such entities. In the transaction of the change, so that no crash forgets it.
  static func noteErasure(in database: Database) throws {
    try database.runClient(
      "INSERT OR REPLACE INTO counter (name, value) SELECT ?, value FROM counter WHERE name = 'base_version'", [erasedBase])
  }

  /// Merges the full-text index into one that has never heard of the old words, if this overlay's lines are made from a base
  /// without them. Answers whether it was so: then the log is the last that holds them.
  static func forgetErased(after overlay: OverlayUpdate, in database: Database) throws -> Bool {
    let erased = try counter(erasedBase, in: database)
    guard erased > 0, overlay.isWhole, overlay.position.baseVersion >= erased else { return false }
    try database.runClient("INSERT INTO subject_text (subject_text) VALUES ('optimize')")
    try database.runClient("DELETE FROM counter WHERE name = ?", [erasedBase])
    return true
  }
}
