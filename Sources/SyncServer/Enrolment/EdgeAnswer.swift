// HTTP as values, without any server: what the edge maps to and from its own types.
import SyncProtocol

/// What is asked over HTTP.
package struct EdgeRequest: Sendable {
  package var method: String
  package var path: String
  /// The Content-Type header; empty if there was none.
  package var contentType: String
  package var body: [UInt8]
  /// The address of the other end of the connection, as numbers.
  package var peer: String
  /// Whether a proxy says that it asks for somebody else.
  package var isForwarded: Bool

  package init(
    method: String, path: String, contentType: String, body: [UInt8], peer: String, isForwarded: Bool = false
  ) {
    self.method = method
    self.path = path
    self.contentType = contentType
    self.body = body
    self.peer = peer
    self.isForwarded = isForwarded
  }

  /// Whether it was asked on this machine, as far as the connection and an honest proxy tell.
  var isFromThisMachine: Bool {
    let mapped = "::ffff:"
    let address = peer.hasPrefix(mapped) ? peer.dropFirst(mapped.count) : peer[...]
    let numbers = address.split(separator: ".", omittingEmptySubsequences: false)
    let isFour = numbers.count == 4 && numbers.first == "127" && numbers.allSatisfy { UInt8($0) != nil }
    return !isForwarded && (isFour || peer == "::1")
  }
}

/// What is answered.
package struct EdgeAnswer: Sendable, Hashable {
  package var status: Int
  package var contentType: String
  /// Further headers, by their names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(status: Int, contentType: String, headers: [String: String] = [:], body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  static func text(_ status: Int, _ text: String) -> EdgeAnswer {
    EdgeAnswer(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  static func problem(_ status: Int, _ problem: Problem, as encoding: WireEncoding) -> EdgeAnswer {
    do {
      return EdgeAnswer(status: status, contentType: encoding.mediaType, body: try problem.encoded(as: encoding))
    } catch {
      return .text(status, problem.code + "\n")
    }
  }
}
