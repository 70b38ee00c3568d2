// Where SQLite finds a database: the machine's own files, or, for tests, a file system that a test has registered.

/// Programs only ever use `.files`.
package struct DatabasePlace: Sendable {
  /// The machine's own files.
  package static let files = DatabasePlace(fileSystem: nil, statements: "")

  /// The name of a VFS that is registered with SQLite; nil: the machine's own.
  let fileSystem: String?
  /// Run on the connection that writes, after everything that a program sets.
  let statements: String

  private init(fileSystem: String?, statements: String) {
    self.fileSystem = fileSystem
    self.statements = statements
  }

  /// A registered file system, whose files appear by being opened, and settings to try a store with.
  package static func simulated(fileSystem: String, statements: String = "") -> DatabasePlace {
    DatabasePlace(fileSystem: fileSystem, statements: statements)
  }

  /// What SQLite is asked to open.
  func name(of path: String) -> String {
    guard let fileSystem else { return path }
    return "file:\(path)?vfs=\(fileSystem)"
  }
}
