// What a profile takes from its surroundings: stores, connections, files, time and randomness.
import Storage
import Transport

/// An answer over HTTP, with the SHA-256 of the DER of the certificate that was presented; nil without TLS.
package typealias HTTPReply = (status: Int, body: [UInt8], certificateDigest: [UInt8]?)

/// What a profile needs from its surroundings; the program supplies the adapters.
public struct ClientEnvironment: Sendable {
  /// Opens or makes the outbox at a path.
  package var openOutbox: @Sendable (String) throws -> any OutboxStore
  /// Opens or makes the cache at a path.
  package var openCache: @Sendable (String) throws -> any CacheStore
  /// Removes the cache's files, whatever state they are in.
  package var destroyCache: @Sendable (String) throws -> Void
  /// Opens a session's pipe: `ws://` or `wss://` address, time limit in seconds. Over TLS any certificate is accepted:
  /// the session's transcript binds it to the server's key.
  package var connect: @Sendable (String, Int) async throws -> any FramePipe
  /// Posts bytes as `application/x-protobuf`: address, body, and the certificate's digest if only that one may answer.
  package var post: @Sendable (String, [UInt8], [UInt8]?) async throws -> HTTPReply
  /// Gets, accepting `application/x-protobuf`: address, and the certificate's digest if only that one may answer.
  package var get: @Sendable (String, [UInt8]?) async throws -> HTTPReply
  package var files: any ProfileFiles
  /// The wall clock, milliseconds since 1970.
  package var nowMilliseconds: @Sendable () -> UInt64
  /// A clock that only goes forward, also while the machine sleeps, from any beginning: waits are measured by it.
  package var uptimeMilliseconds: @Sendable () -> UInt64
  /// So many bytes from the system's source of randomness.
  package var randomBytes: @Sendable (Int) -> [UInt8]
  /// Waits so many milliseconds; throws when the task is cancelled.
  package var sleep: @Sendable (UInt64) async throws -> Void
  /// Name and version of the program, for the server's logs; at most 64 bytes.
  public var agent: String

  package init(
    openOutbox: @escaping @Sendable (String) throws -> any OutboxStore,
    openCache: @escaping @Sendable (String) throws -> any CacheStore,
    destroyCache: @escaping @Sendable (String) throws -> Void,
    connect: @escaping @Sendable (String, Int) async throws -> any FramePipe,
    post: @escaping @Sendable (String, [UInt8], [UInt8]?) async throws -> HTTPReply,
    get: @escaping @Sendable (String, [UInt8]?) async throws -> HTTPReply,
    files: any ProfileFiles, nowMilliseconds: @escaping @Sendable () -> UInt64,
    uptimeMilliseconds: @escaping @Sendable () -> UInt64,
    randomBytes: @escaping @Sendable (Int) -> [UInt8], sleep: @escaping @Sendable (UInt64) async throws -> Void, agent: String
  ) {
    self.openOutbox = openOutbox
    self.openCache = openCache
    self.destroyCache = destroyCache
    self.connect = connect
    self.post = post
    self.get = get
    self.files = files
    self.nowMilliseconds = nowMilliseconds
    self.uptimeMilliseconds = uptimeMilliseconds
    self.randomBytes = randomBytes
    self.sleep = sleep
    self.agent = agent
  }
}
