// A certificate a server makes for itself. Its trust comes from the application's handshake, which signs the digest
// with the pinned key, so no authority is involved.
import CWebSockets

/// A self-signed ECDSA P-256 certificate and its key, as PEM text.
package struct SelfSignedCertificate: Sendable {
  package enum AlternativeName: Sendable, Hashable {
    /// A host name, such as `review.example.org`.
    case dns(String)
    /// An IPv4 or IPv6 address in text.
    case address(String)
  }

  /// As much as the field holds.
  package static let commonNameByteLimit = 64

  package let certificatePEM: String
  /// Secret; belongs in a file of mode 0600.
  package let privateKeyPEM: String
  /// SHA-256 over the certificate's DER, 32 bytes.
  package let certificateDigest: [UInt8]

  /// Makes a key and a certificate for it.
  ///
  /// - Parameters:
  ///   - validDays: how long it holds, counted from an hour before `unixSeconds` (clocks differ).
  ///   - unixSeconds: the present time, in seconds since 1970.
  package static func make(
    commonName: String, alternativeNames: [AlternativeName], validDays: Int, unixSeconds: Int64
  ) throws(WebSocketError) -> SelfSignedCertificate {
    guard (1...commonNameByteLimit).contains(commonName.utf8.count), (1...36_500).contains(validDays),
      (0...1 << 40).contains(unixSeconds)
    else {
      throw WebSocketError(
        .certificate,
        "A certificate needs a name of 1 to \(commonNameByteLimit) bytes, 1 to 36500 days and a date after 1970.")
    }
    let names = try alternativeNames.map { name throws(WebSocketError) in try name.extensionText() }
    guard let key = countersign_p256_key(), let certificate = X509_new() else { throw failure("could not be made") }
    // Both are owned here and freed once, after the last use.
    defer {
      X509_free(certificate)
      EVP_PKEY_free(key)
    }
    try fill(certificate, key: key, commonName: commonName, validDays: validDays, unixSeconds: unixSeconds)
    try addExtensions(to: certificate, alternativeNames: names)
    guard X509_sign(certificate, key, EVP_sha256()) > 0 else { throw failure("could not be signed") }
    return SelfSignedCertificate(
      certificatePEM: try pem { PEM_write_bio_X509($0, certificate) },
      privateKeyPEM: try pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) },
      certificateDigest: try CertificateFile.digest(of: certificate))
  }

  private static func fill(
    _ certificate: OpaquePointer, key: OpaquePointer, commonName: String, validDays: Int, unixSeconds: Int64
  ) throws(WebSocketError) {
    var serial = [UInt8](repeating: 0, count: 16)
    guard RAND_bytes(&serial, Int32(serial.count)) == 1 else { throw failure("found no randomness") }
    serial[0] = serial[0] & 0x7f | 0x40
    guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else { throw failure("could not be numbered") }
    defer { BN_free(number) }
    let start = max(0, unixSeconds - 3600)
    let end = start + Int64(validDays) * 86_400
    let subject = X509_get_subject_name(certificate)
    let isFilled =
      X509_set_version(certificate, 2) == 1
      && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
      && ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(start)) != nil
      && ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(end)) != nil
      && X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_UTF8, Array(commonName.utf8), Int32(commonName.utf8.count), -1, 0) == 1
      && X509_set_issuer_name(certificate, subject) == 1
      && X509_set_pubkey(certificate, key) == 1
    guard isFilled else { throw failure("could not be filled in") }
  }

  private static func addExtensions(to certificate: OpaquePointer, alternativeNames: [String]) throws(WebSocketError) {
    var extensions = [
      (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
      (NID_ext_key_usage, "serverAuth"),
    ]
    if !alternativeNames.isEmpty { extensions.append((NID_subject_alt_name, alternativeNames.joined(separator: ","))) }
    for (kind, value) in extensions {
      guard let made = X509V3_EXT_conf_nid(nil, nil, kind, value) else { throw failure("refuses \(value)") }
      defer { X509_EXTENSION_free(made) }
      guard X509_add_ext(certificate, made, -1) == 1 else { throw failure("could not be extended") }
    }
  }

  private static func pem(_ write: (OpaquePointer) -> Int32) throws(WebSocketError) -> String {
    guard let output = BIO_new(BIO_s_mem()) else { throw failure("could not be written") }
    defer { BIO_free(output) }
    var bytes: UnsafeMutablePointer<CChar>?
    guard write(output) == 1 else { throw failure("could not be written") }
    let count = countersign_bio_bytes(output, &bytes)
    guard let bytes, count > 0 else { throw failure("could not be written") }
    // The memory belongs to `output`, which lives until the copy is made.
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  private static func failure(_ what: String) -> WebSocketError {
    WebSocketError(.certificate, "The self-signed certificate \(what); give certificate and key files instead.")
  }
}

extension SelfSignedCertificate.AlternativeName {
  /// The name as OpenSSL's extension text. Only characters of names and addresses pass, so nothing else can be said in it.
  fileprivate func extensionText() throws(WebSocketError) -> String {
    let (text, prefix, extra): (String, String, String)
    switch self {
    case .dns(let name): (text, prefix, extra) = (name, "DNS:", "-.*_")
    case .address(let address): (text, prefix, extra) = (address, "IP:", ".:")
    }
    let isClean = text.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || extra.utf8.contains(byte)
    }
    guard isClean, (1...253).contains(text.utf8.count) else {
      throw WebSocketError(.certificate, "“\(text)” is not a host name or an address; correct the certificate's names.")
    }
    return prefix + text
  }
}
