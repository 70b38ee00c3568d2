// Where a server listens and what it bounds.
import Transport

/// The settings of a `WebSocketServer`; the defaults suit a laptop.
package struct WebSocketServerConfiguration: Sendable {
  /// PEM files. Without them the server speaks plain text.
  package struct TLS: Sendable {
    package var certificatePath: String
    package var privateKeyPath: String

    package init(certificatePath: String, privateKeyPath: String) {
      self.certificatePath = certificatePath
      self.privateKeyPath = privateKeyPath
    }
  }

  /// A numeric address of this machine, `localhost`, `0.0.0.0` or `::`.
  package var host: String
  /// 0 lets the system choose.
  package var port: UInt16
  package var tls: TLS?
  package var pipeLimits = PipeLimits()
  /// TCP connections at once, half-open ones and HTTP included; further ones are closed at once.
  package var maximumConnections = 20_000
  /// As many of them may come from one IPv4 address, or from one /64 network of IPv6; nil bounds nobody.
  package var maximumConnectionsPerNetwork: Int?
  /// Whether this machine counts as a network, too. A proxy on it stands for everybody.
  package var boundsLoopback = false
  /// How long a connection may take to become a WebSocket or to bring the head of an HTTP request, and then once more for its
  /// body.
  package var handshakeDeadlineSeconds = 10
  /// How long an HTTP answer may take to be written.
  package var responseDeadlineSeconds = 60
  /// All headers of a request together, in bytes; more and the connection is dropped.
  package var maximumHeaderBytes: UInt16 = 8192
  /// The longest HTTP body, in bytes; more is answered 413.
  package var maximumBodyBytes = 256 * 1024
  /// What a request is answered with that no handler sees, made from its head on the loop's thread: it must not wait.
  package var answerToRefused: @Sendable (HTTPRefusal, HTTPRequest) -> HTTPResponse = { refusal, _ in
    .text(refusal.status, "\(refusal)\n")
  }
  package var linger = LingerLimits()
  /// Headers that handlers are given; names in lower case.
  package var wantedHeaders: [String] = ["content-type", "authorization", "range", "if-none-match"]

  package init(host: String = "127.0.0.1", port: UInt16 = 0, tls: TLS? = nil) {
    self.host = host
    self.port = port
    self.tls = tls
  }
}

/// Why a request is refused before a handler sees it.
package enum HTTPRefusal: Sendable, CaseIterable {
  /// It wants to become a WebSocket, and offers no subprotocol of ours, or wants to become something else.
  case noSubprotocol
  /// Its body has no length.
  case noLength
  /// Its length is not a number.
  case badLength
  /// Its body is longer than any may be.
  case longBody

  package var status: Int {
    switch self {
    case .noSubprotocol, .badLength: 400
    case .noLength: 411
    case .longBody: 413
    }
  }
}

/// How long a socket may linger that the server has finished with, for the peer to read what it was told.
package struct LingerLimits: Sendable {
  package var milliseconds: UInt64 = 5_000
  /// Bytes of one peer that are read and thrown away; beyond them it is not read.
  package var bytes = 4 << 20
  /// Sockets at once; beyond them the oldest goes.
  package var sockets = 1_024

  package init() {}
}

/// Where a server really listens.
package struct BoundAddress: Sendable, Equatable, CustomStringConvertible {
  package let host: String
  package let port: UInt16
  package let isTLS: Bool

  package var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// `ws://…` or `wss://…`, without a path.
  package var webSocketURL: String { "\(isTLS ? "wss" : "ws")://\(self)" }

  /// `http://…` or `https://…`, without a path.
  package var httpURL: String { "\(isTLS ? "https" : "http")://\(self)" }
}
