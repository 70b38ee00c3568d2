// Base64 text, strict both ways: one text for one sequence of bytes, so that two spellings never mean the same thing.
import CSodium

package enum Base64 {
  /// The standard alphabet with padding.
  package static func encode(_ bytes: [UInt8]) -> String { encode(bytes, variant: sodium_base64_VARIANT_ORIGINAL) }

  /// Nil unless the text is exactly what `encode` writes: no white space, no missing padding, no stray bits.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    decode(text, variant: sodium_base64_VARIANT_ORIGINAL)
  }

  /// The alphabet for addresses and file names, without padding.
  package static func encodeURL(_ bytes: [UInt8]) -> String {
    encode(bytes, variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)
  }

  /// Nil unless the text is exactly what `encodeURL` writes.
  package static func decodeURL(_ text: some StringProtocol) -> [UInt8]? {
    decode(text, variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)
  }

  private static func encode(_ bytes: [UInt8], variant: Int32) -> String {
    Sodium.start()
    // The library counts a closing zero byte and then fills what it does not use with zeros.
    var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
    sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
    return String(decoding: text.lazy.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func decode(_ text: some StringProtocol, variant: Int32) -> [UInt8]? {
    // The library takes bytes above 127 for the alphabet's last digit.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    Sodium.start()
    let digits = text.utf8.map { CChar(bitPattern: $0) }
    var bytes = [UInt8](repeating: 0, count: digits.count / 4 * 3 + 3)
    var written = 0
    guard sodium_base642bin(&bytes, bytes.count, digits, digits.count, nil, &written, nil, variant) == 0 else { return nil }
    bytes.removeLast(bytes.count - written)
    return bytes
  }
}
