// The bounds of one session on the server, and its pace.

package enum ServerSessionLimits {
  package static let handshakeMilliseconds: UInt64 = 10_000
  package static let heartbeatMilliseconds: UInt64 = 30_000
  /// Without any frame from the client for this long, it is gone.
  package static let idleMilliseconds: UInt64 = 90_000
  /// Bytes in a session's own queue, behind the pipe's buffer of 1 MiB, beyond which the client is not read either.
  package static let chokedBytes = 256 << 10
  package static let writableBytes = 64 << 10
  /// Requests (fetch, proofs, repair) that may wait behind the one that is answered.
  static let waitingRequests = 16
  static let pageRows = 1_000
  static let pageBytes = 56 << 10
  /// How often a catch-up runs after its own moving end before it goes live without every digest.
  static let catchUpRounds = 8
  /// Keys read at once for a fetch.
  static let fetchKeys = 64
  package static let retryAfterTroubleMilliseconds: UInt64 = 5_000
  package static let retryAfterSlowReaderMilliseconds: UInt64 = 5_000
  /// What whoever wants something decided is told while the tenant's files are an old copy.
  package static let oldCopySentence =
    "This server came up from an old copy of its data, and its admin must restore the newest one; changes are kept on the "
    + "device and sent then."
}
