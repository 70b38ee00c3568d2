// Looks at a request before libcurl sees it: what could be read as more than one line or another protocol goes no further.
import Foundation
import Transport

/// The rules for requests.
enum HTTPClientRequestCheck {
  /// Where a request goes.
  static func host(of request: HTTPClientRequest) throws(HTTPClientError) -> HostName {
    guard let url = URLComponents(string: request.url), ["http", "https"].contains(url.scheme?.lowercased()),
      let host = url.encodedHost.flatMap(HostName.init(inURL:)), request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { throw HTTPClientError(.badRequest, "“\(request.url.prefix(200))” is not an http or https address; correct it.") }
    guard (1...16).contains(request.method.utf8.count), request.method.utf8.allSatisfy({ 0x41...0x5a ~= $0 }) else {
      throw HTTPClientError(.badRequest, "“\(request.method.prefix(20))” is not an HTTP method; give one such as GET.")
    }
    for (name, value) in request.headers {
      let isClean = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
      guard isClean, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
        throw HTTPClientError(
          .badRequest, "The header “\(name.prefix(40))” cannot be sent; its name or value has forbidden bytes.")
      }
    }
    guard request.requiredCertificateDigest == nil || url.scheme?.lowercased() == "https" else {
      throw HTTPClientError(.badRequest, "A certificate is required and the address is not https; correct it.")
    }
    return host
  }

  /// The head's lines. What libcurl would add by itself to a body (a form's type, a wait for permission) is taken back.
  static func headerLines(_ request: HTTPClientRequest) -> [String] {
    let names = Set(request.headers.keys.map { $0.lowercased() })
    var lines = request.headers.sorted { $0.key < $1.key }.map { $0.value.isEmpty ? "\($0.key);" : "\($0.key): \($0.value)" }
    if request.body != nil && !names.contains("content-type") { lines.append("Content-Type:") }
    if !names.contains("expect") { lines.append("Expect:") }
    return lines
  }
}
