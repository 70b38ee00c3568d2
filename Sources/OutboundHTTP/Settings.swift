// Puts a request into a libcurl handle.
import CCurl
import Transport

/// The options of one handle. An option that libcurl refuses is an error: none of them is optional.
struct Settings {
  let handle: UnsafeMutableRawPointer

  /// - Parameter body: the bytes to send followed by one zero that is not sent; nil sends none. Lent until the request ends.
  func apply(
    _ transfer: Transfer, host: HostName, lines: UnsafeMutablePointer<curl_slist>?, body: UnsafeRawBufferPointer?
  ) throws {
    let request = transfer.request
    try text(CURLOPT_URL, request.url)
    try text(CURLOPT_PROTOCOLS_STR, "http,https")
    try number(CURLOPT_FOLLOWLOCATION, 0)
    try number(CURLOPT_NOSIGNAL, 1)
    try number(CURLOPT_TIMEOUT, max(1, request.timeoutSeconds))
    try text(CURLOPT_USERAGENT, "countersign")
    // A proxy from the environment must not see what is meant for this machine.
    if host.isLoopback { try text(CURLOPT_PROXY, "") }
    if let body {
      try check(countersign_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count - 1)))
      try pointer(CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
    }
    if request.method == "HEAD" { try number(CURLOPT_NOBODY, 1) }
    try text(CURLOPT_CUSTOMREQUEST, request.method)
    try check(countersign_curl_set_list(handle, CURLOPT_HTTPHEADER, lines))
    try callBack(transfer)
    try secure(transfer)
  }

  private func callBack(_ transfer: Transfer) throws {
    // The caller holds the transfer until the request is over.
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    try check(countersign_curl_set_bytes(handle, CURLOPT_WRITEFUNCTION, Transfer.takeBody))
    try pointer(CURLOPT_WRITEDATA, context)
    try check(countersign_curl_set_bytes(handle, CURLOPT_HEADERFUNCTION, Transfer.takeHeader))
    try pointer(CURLOPT_HEADERDATA, context)
    try check(countersign_curl_set_progress(handle, CURLOPT_XFERINFOFUNCTION, Transfer.progress))
    try pointer(CURLOPT_XFERINFODATA, context)
    try number(CURLOPT_NOPROGRESS, 0)
    try check(countersign_curl_set_tls(handle, CURLOPT_SSL_CTX_FUNCTION, Transfer.prepareTLS))
    try pointer(CURLOPT_SSL_CTX_DATA, context)
  }

  /// The peer is always verified: by the system, or by the transfer's own look at the certificate.
  private func secure(_ transfer: Transfer) throws {
    try number(CURLOPT_SSL_VERIFYPEER, 1)
    try number(CURLOPT_SSL_VERIFYHOST, transfer.request.verification == .system ? 2 : 0)
    guard transfer.request.verification == .reportCertificate else { return }
    // No authorities are needed, so they are not read.
    try check(countersign_curl_set_text(handle, CURLOPT_CAINFO, nil))
    try check(countersign_curl_set_text(handle, CURLOPT_CAPATH, nil))
  }

  private func text(_ option: CURLoption, _ value: String) throws {
    try check(countersign_curl_set_text(handle, option, value))
  }

  private func number(_ option: CURLoption, _ value: Int) throws {
    try check(countersign_curl_set_long(handle, option, value))
  }

  private func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) throws {
    try check(countersign_curl_set_pointer(handle, option, value))
  }

  private func check(_ code: CURLcode) throws {
    guard code == CURLE_OK else {
      throw HTTPClientError(
        .badRequest, "The HTTP library refuses an option (\(code.rawValue)); install libcurl 7.85 or later.")
    }
  }
}
