// What makes a file one of the server's databases: its application id, its version, and the steps from version to version.

/// A kind of database file. Steps are only ever added: files of every released version must be readable for ever.
struct ServerSchema: Sendable {
  /// In the file's header, so that no other program's database is ever written to by mistake.
  let applicationID: Int32
  /// What people call such a file, with its article.
  let name: String
  /// Step n leads from version n to version n + 1; the version is the header's `user_version`.
  let steps: [String]

  var version: Int { steps.count }
}
