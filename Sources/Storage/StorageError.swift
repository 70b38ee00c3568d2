// What can go wrong with a store. Whoever catches it says it to a person or tries again; nothing is half written.

package struct StorageError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// The store is not where the batch expected it.
    case headMoved
    /// What must be new is there already.
    case conflict
    case notFound
    /// Another process holds it and did not let go in time.
    case busy
    case diskFull
    case readOnly
    /// The file is not a database, or not one of ours.
    case damaged
    /// Written by a newer version.
    case tooNew
    case inputOutput
    case closed
    /// What had to be signed inside of a transaction could not be.
    case signing
  }

  /// The files of a device: what is in the cache is on the server too, what is in the outbox may be nowhere else.
  package enum File: Sendable {
    case outbox
    case cache
  }

  package let code: Code
  /// A sentence with what to do.
  package let sentence: String
  /// Which of a device's files it is about, where the store knows.
  package var file: File?
  /// Whether a server refuses to write because its files are an old copy: known once, it is no news each time.
  package var isOldCopy = false

  package init(_ code: Code, _ sentence: String, file: File? = nil) {
    self.code = code
    self.sentence = sentence
    self.file = file
  }

  package var description: String { sentence }
}
