// Sends HTTP requests. The only user of libcurl; each request has a handle and a thread of its own while it runs.
import CCurl
import Dispatch
import Foundation
import Synchronization
import Transport

/// An HTTP client without state: no cookies, no redirects, no connections kept.
package struct HTTPClient: Sendable {
  private let queue = DispatchQueue(label: "countersign.http", attributes: .concurrent)

  package init() {}

  /// Sends a request and returns the answer, whatever its status.
  ///
  /// - Throws: `HTTPClientError` when there is no whole answer; `CancellationError` when the task was cancelled.
  package func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
    let host = try HTTPClientRequestCheck.host(of: request)
    let transfer = Transfer(request)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Result { try Self.perform(transfer, host: host) }) }
      }
    } onCancel: {
      transfer.isCancelled.store(true, ordering: .relaxed)
    }
  }

  private static func perform(_ transfer: Transfer, host: HostName) throws -> HTTPClientResponse {
    let request = transfer.request
    guard countersign_curl_load() == 1 else {
      throw HTTPClientError(.cannotConnect, "The library libcurl.so.4 could not be loaded; install it (libcurl4).")
    }
    guard let handle = countersign_curl_make() else {
      throw HTTPClientError(.cannotConnect, "The HTTP client could not be made; check memory and open files.")
    }
    // Scopes end in reverse order, so the handle goes before the list that it uses.
    var lines: UnsafeMutablePointer<curl_slist>?
    defer { countersign_curl_free_list(lines) }
    defer { countersign_curl_free(handle) }
    for line in HTTPClientRequestCheck.headerLines(request) { lines = countersign_curl_append(lines, line) ?? lines }
    let body = request.body.map { $0 + [0] }
    let code = try withExtendedLifetime(transfer) {
      // The body's bytes are lent to the handle for the duration of the call; the extra zero makes sure there is an address.
      try (body ?? []).withUnsafeBytes { bytes in
        try Settings(handle: handle).apply(transfer, host: host, lines: lines, body: body == nil ? nil : bytes)
        return countersign_curl_perform(handle)
      }
    }
    return try answer(code, handle, transfer, host: host)
  }

  private static func answer(
    _ code: CURLcode, _ handle: UnsafeMutableRawPointer, _ transfer: Transfer, host: HostName
  ) throws -> HTTPClientResponse {
    guard code == CURLE_OK else { throw failure(code, transfer, host: host) }
    var status = 0
    guard countersign_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK else {
      throw HTTPClientError(.broken, "The answer of \(host.text) has no status; try again.")
    }
    return HTTPClientResponse(
      status: status, headers: transfer.headers, body: transfer.body, certificateDigest: transfer.certificateDigest)
  }

  private static func failure(_ code: CURLcode, _ transfer: Transfer, host: HostName) -> any Error {
    let words = countersign_curl_words(code).map { String(cString: $0) } ?? "code \(code.rawValue)"
    if transfer.isMismatched {
      return HTTPClientError(
        .certificateMismatch,
        "\(host.text) shows another certificate than the one expected; nothing was sent. Ask its operator.")
    }
    if transfer.isTooLong { return tooLong("answer", of: host, limitBytes: transfer.request.responseLimitBytes) }
    if transfer.isHeadTooLong { return tooLong("head of the answer", of: host, limitBytes: Transfer.maximumHeaderBytes) }
    switch code {
    case CURLE_ABORTED_BY_CALLBACK: return CancellationError()
    case CURLE_OPERATION_TIMEDOUT:
      return HTTPClientError(
        .timedOut, "\(host.text) did not answer within \(transfer.request.timeoutSeconds) s; check the network and try again.")
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY:
      return HTTPClientError(.cannotConnect, "Nobody answers at \(host.text) (\(words)); check the address and the network.")
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      return HTTPClientError(.tls, "The TLS handshake with \(host.text) failed (\(words)); check its certificate.")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
      return HTTPClientError(.badRequest, "The address is not one of HTTP (\(words)); correct it.")
    default: return HTTPClientError(.broken, "The connection to \(host.text) broke (\(words)); try again.")
    }
  }

  private static func tooLong(_ what: String, of host: HostName, limitBytes: Int) -> HTTPClientError {
    HTTPClientError(
      .responseTooLong, "The \(what) of \(host.text) is longer than \(limitBytes) bytes and was dropped; check the address.")
  }
}
