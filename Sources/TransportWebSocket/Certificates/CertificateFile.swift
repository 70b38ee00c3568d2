// The digest of a certificate: what both sides of the application's handshake sign.
import CWebSockets
import Foundation

/// Reads certificate files.
package enum CertificateFile {
  /// SHA-256 over the DER of the first certificate in PEM text, 32 bytes.
  package static func digest(ofPEM text: String) throws(WebSocketError) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard let count = Int32(exactly: bytes.count), let input = BIO_new_mem_buf(bytes, count) else { throw unreadable("text") }
    defer { BIO_free(input) }
    // OpenSSL reads from memory it was lent; the copy in `bytes` lives to the end of this scope.
    let certificate = withExtendedLifetime(bytes) { PEM_read_bio_X509(input, nil, nil, nil) }
    guard let certificate else { throw unreadable("text") }
    defer { X509_free(certificate) }
    return try digest(of: certificate)
  }

  /// SHA-256 over the DER of the first certificate in a PEM file, 32 bytes.
  package static func digest(ofFile path: String) throws(WebSocketError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { throw unreadable("file \(path)") }
    return try digest(ofPEM: String(decoding: data, as: UTF8.self))
  }

  static func digest(of certificate: OpaquePointer) throws(WebSocketError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1, count == 32 else { throw unreadable("certificate") }
    return Array(digest.prefix(32))
  }

  /// The digest of the certificate that the other side of a TLS connection showed; on the loop's thread only.
  static func peerDigest(of connection: OpaquePointer) -> [UInt8]? {
    guard let tls = lws_get_ssl(connection), let certificate = SSL_get1_peer_certificate(tls) else { return nil }
    defer { X509_free(certificate) }
    // A certificate that cannot be digested is none: the handshake above then finds no digest and refuses.
    return try? digest(of: certificate)
  }

  private static func unreadable(_ what: String) -> WebSocketError {
    WebSocketError(.certificate, "The \(what) holds no readable certificate; give a PEM certificate.")
  }
}
