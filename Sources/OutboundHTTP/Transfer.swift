// What libcurl and OpenSSL call back into during one request: collects the answer within its bound, looks at the
// certificate, and notices cancellation. One transfer belongs to one thread at a time.
import CCurl
import Synchronization

/// The state of one request in flight.
///
/// `@unchecked Sendable`: `isCancelled` is atomic; everything else is touched by the thread that performs it only.
final class Transfer: @unchecked Sendable {
  static let maximumHeaderBytes = 64 * 1024

  let request: HTTPClientRequest
  let isCancelled = Atomic(false)
  private(set) var headers: [String: String] = [:]
  private(set) var body: [UInt8] = []
  private(set) var certificateDigest: [UInt8]?
  private(set) var isTooLong = false
  private(set) var isHeadTooLong = false
  private(set) var isMismatched = false
  private var headerBytes = 0

  init(_ request: HTTPClientRequest) {
    self.request = request
  }

  /// The transfer behind a callback's context pointer.
  static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    // The pointer is made from the transfer that `HTTPClient.perform` holds until the request is over.
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Takes a piece of the body; false ends the request.
  func take(body piece: UnsafeRawBufferPointer) -> Bool {
    guard piece.count <= request.responseLimitBytes - body.count else {
      isTooLong = true
      return false
    }
    body.append(contentsOf: piece)
    return true
  }

  /// Takes one line of the head; false ends the request.
  func take(header piece: UnsafeRawBufferPointer) -> Bool {
    headerBytes += piece.count
    guard headerBytes <= Self.maximumHeaderBytes else {
      isHeadTooLong = true
      return false
    }
    let line = String(decoding: piece, as: UTF8.self)
    if line.hasPrefix("HTTP/") { headers = [:] }
    guard let colon = line.firstIndex(of: ":") else { return true }
    let value = line[line.index(after: colon)...]
    headers[line[..<colon].lowercased()] = String(
      value.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    return true
  }

  /// Judges the certificate that the server shows; before anything is sent.
  func accepts(_ store: OpaquePointer) -> Bool {
    let isTrusted = request.verification == .reportCertificate || X509_verify_cert(store) == 1
    guard isTrusted, let certificate = X509_STORE_CTX_get0_cert(store) else { return false }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1, count == 32 else { return false }
    let found = Array(digest.prefix(32))
    certificateDigest = found
    isMismatched = request.requiredCertificateDigest.map { $0 != found } ?? false
    X509_STORE_CTX_set_error(store, isMismatched ? X509_V_ERR_APPLICATION_VERIFICATION : X509_V_OK)
    return !isMismatched
  }
}

// What C calls.
extension Transfer {
  static let takeBody: countersign_curl_bytes = { bytes, size, count, context in
    let total = size * count
    let isTaken = Transfer.at(context)?.take(body: UnsafeRawBufferPointer(start: bytes, count: total)) ?? false
    // Any other number than the one offered ends the request.
    return isTaken ? total : total &+ 1
  }

  static let takeHeader: countersign_curl_bytes = { bytes, size, count, context in
    let total = size * count
    let isTaken = Transfer.at(context)?.take(header: UnsafeRawBufferPointer(start: bytes, count: total)) ?? false
    return isTaken ? total : total &+ 1
  }

  static let progress: curl_xferinfo_callback = { context, _, _, _, _ in
    Transfer.at(context)?.isCancelled.load(ordering: .relaxed) == true ? 1 : 0
  }

  static let prepareTLS: countersign_curl_tls = { _, tls, context in
    guard let tls else { return CURLE_SSL_CERTPROBLEM }
    SSL_CTX_set_cert_verify_callback(
      OpaquePointer(tls), { store, context in store.map { Transfer.at(context)?.accepts($0) == true } == true ? 1 : 0 }, context
    )
    return CURLE_OK
  }
}
