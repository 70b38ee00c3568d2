// What the layers above expect of a connection: an ordered pipe of whole, bounded messages in both directions.
// It knows no protobuf and no session; it only says how bytes are bounded, paused and ended.

/// How frames are written in messages; fixed by the subprotocol when the connection is made.
package enum FrameEncoding: Sendable, Hashable, CaseIterable {
  /// Protobuf in binary messages (`countersign.v1`).
  case binary
  /// Proto3 JSON in text messages (`countersign.v1+json`); carried as UTF-8 bytes.
  case json

  /// The WebSocket subprotocol's name.
  package var subprotocol: String {
    switch self {
    case .binary: "countersign.v1"
    case .json: "countersign.v1+json"
    }
  }

  /// The encoding a subprotocol stands for, or nil if it is not one of ours.
  package init?(subprotocol: String) {
    guard let match = FrameEncoding.allCases.first(where: { $0.subprotocol == subprotocol }) else { return nil }
    self = match
  }
}

/// The bounds of one pipe.
package struct PipeLimits: Sendable, Equatable {
  /// The longest message of the binary subprotocol, in bytes.
  package var maximumBinaryMessageBytes: Int
  /// The longest message of the JSON subprotocol, in bytes of UTF-8.
  package var maximumJSONMessageBytes: Int
  /// How many bytes may be accepted and not yet written.
  package var sendBufferBytes: Int
  /// How many received messages may wait for the consumer before reading is paused on the wire.
  package var incomingMessages: Int
  /// While accepted bytes wait, the peer takes at least `minimumProgressBytes` in each span of so many seconds, or it is
  /// given up as too slow.
  package var writeDeadlineSeconds: Int
  package var minimumProgressBytes: Int
  /// How long a peer that was given up may take to read on towards the farewell before the connection is reset.
  package var farewellSeconds: Int

  package init(
    maximumBinaryMessageBytes: Int = 64 * 1024, maximumJSONMessageBytes: Int = 128 * 1024,
    sendBufferBytes: Int = 1024 * 1024, incomingMessages: Int = 4, writeDeadlineSeconds: Int = 30,
    minimumProgressBytes: Int = 16 * 1024, farewellSeconds: Int = 5
  ) {
    self.maximumBinaryMessageBytes = maximumBinaryMessageBytes
    self.maximumJSONMessageBytes = maximumJSONMessageBytes
    self.sendBufferBytes = sendBufferBytes
    self.incomingMessages = incomingMessages
    self.writeDeadlineSeconds = writeDeadlineSeconds
    self.minimumProgressBytes = minimumProgressBytes
    self.farewellSeconds = farewellSeconds
  }

  /// The longest message in the given encoding, in bytes.
  package func maximumMessageBytes(_ encoding: FrameEncoding) -> Int {
    encoding == .binary ? maximumBinaryMessageBytes : maximumJSONMessageBytes
  }
}

/// The last thing that a peer is told.
package struct Farewell: Sendable, Equatable {
  package let message: [UInt8]
  /// The WebSocket close code that follows it.
  package let code: UInt16

  package init(message: [UInt8], code: UInt16) {
    self.message = message
    self.code = code
  }
}

/// How a pipe ended.
package struct PipeClosure: Sendable, Equatable {
  /// The WebSocket close code; 1005 if the peer gave none, 1006 if the connection broke without a close frame.
  package let code: UInt16
  /// The reason sent along, at most 123 bytes of UTF-8; often empty.
  package let reason: String
  /// Whether the other side (or the network) ended it.
  package let byPeer: Bool

  package init(code: UInt16, reason: String, byPeer: Bool) {
    self.code = code
    self.reason = reason
    self.byPeer = byPeer
  }

  /// Whether this is an ordinary end: our own close, or the peer's 1000 or 1001.
  package var isOrdinary: Bool { !byPeer || code == 1000 || code == 1001 }
}

/// An ordered pipe of whole messages. All members may be used from any task; `incoming` has one consumer.
package protocol FramePipe: AnyObject, Sendable {
  var encoding: FrameEncoding { get }

  /// The peer's address, for logs and limits.
  var peerDescription: String { get }

  /// SHA-256 of the server's leaf certificate (DER) as this side knows it; nil without TLS.
  var tlsCertificateDigest: [UInt8]? { get }

  /// The messages received, in order. Ends after an ordinary close (see `PipeClosure.isOrdinary`), and throws a
  /// `PipeError` after any other. While the consumer lags, the peer's bytes stay on the wire.
  var incoming: IncomingFrames { get }

  /// Accepts a message into the bounded send buffer; suspends while that is full.
  ///
  /// - Throws: `PipeError` when the pipe is closed, the write deadline has passed, or the message is empty or over the limit;
  ///   `CancellationError` when the task was cancelled while it waited.
  func send(_ message: [UInt8]) async throws

  /// Bytes accepted and not yet written to the socket.
  var bufferedBytes: Int { get }

  /// Suspends until fewer than `bytes` are buffered (and at once when nothing is). Throws as `send` does.
  func waitUntilWritable(below bytes: Int) async throws

  /// What a peer that reads too slowly is told: when it is given up, what is buffered is dropped and this takes its place.
  /// The last one set counts. A pipe without a clock never needs it.
  func setFarewellToSlowReader(_ farewell: Farewell)

  /// Sends what is buffered and a close frame, then closes; idempotent, returns when the pipe is closed.
  func close(code: UInt16, reason: String) async

  /// Lets go of the connection at once: what is buffered may be lost, and the peer finds the connection broken. Whoever
  /// waits in `close` waits no longer. For those who cannot wait for a peer that may be gone.
  func abandon()

  /// How the pipe ended, or nil while it is open.
  var closure: PipeClosure? { get }
}
