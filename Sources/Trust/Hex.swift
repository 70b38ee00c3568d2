// Hexadecimal text. libsodium's codec, because seeds pass through it too and it does not leak them by timing.
import CSodium

package enum Hex {
  /// Two lower-case digits a byte.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: bytes.count * 2 + 1)
    sodium_bin2hex(&text, text.count, bytes, bytes.count)
    return String(decoding: text.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Nil for an odd count of digits or anything that is no digit. Either case is read.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { CChar(bitPattern: $0) }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes = [UInt8](repeating: 0, count: digits.count / 2)
    var written = 0
    guard sodium_hex2bin(&bytes, bytes.count, digits, digits.count, nil, &written, nil) == 0 else { return nil }
    return written == bytes.count ? bytes : nil
  }
}
