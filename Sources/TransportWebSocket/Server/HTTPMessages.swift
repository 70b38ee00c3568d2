// The HTTP half of the port, as values: what a handler is given and what it answers.

/// One request, its body already read and bounded.
package struct HTTPRequest: Sendable, Equatable {
  /// In capitals, such as `GET`.
  package let method: String
  /// Decoded and normalised, beginning with `/`, without the query.
  package let path: String
  /// The text after `?`, decoded; empty when there is none.
  package let query: String
  /// Only the headers that the configuration asks for; names in lower case.
  package let headers: [String: String]
  package let body: [UInt8]
  /// The client's address.
  package let peerDescription: String

  package init(
    method: String, path: String, query: String = "", headers: [String: String] = [:], body: [UInt8] = [],
    peerDescription: String = ""
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.peerDescription = peerDescription
  }
}

/// One answer.
package struct HTTPResponse: Sendable, Equatable {
  package var status: Int
  package var contentType: String
  /// Further headers. A name or value with control characters turns the answer into a 500.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(status: Int, contentType: String = "text/plain; charset=utf-8", headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  /// An answer in words.
  package static func text(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status: status, body: Array(text.utf8))
  }

  /// Whether nothing in the head could be read as the end of a line.
  var isWellFormed: Bool {
    (100...599).contains(status)
      && ([contentType] + headers.keys + headers.values).allSatisfy { text in
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } && text.utf8.count <= 1024
      } && headers.count <= 32 && headers.keys.allSatisfy { !$0.isEmpty && !$0.contains(":") }
  }
}
