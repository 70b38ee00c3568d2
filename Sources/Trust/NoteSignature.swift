// One signature line of a signed note, as c2sp.org/signed-note writes it.

/// Who signed a note, and how: `— name base64(key hash ‖ signature)`.
package struct NoteSignature: Hashable, Sendable {
  /// The name of the key: not empty, no white space, no `+`.
  package let name: String
  /// The four bytes that tell keys of one name apart.
  package let keyHash: [UInt8]
  /// The signature itself: 64 bytes for Ed25519, something else for algorithms that we pass over.
  package let bytes: [UInt8]

  static let keyHashByteCount = 4
  /// The signature type that stands for Ed25519.
  private static let ed25519: UInt8 = 0x01
  private static let dash = "\u{2014} "

  init(name: String, keyHash: [UInt8], bytes: [UInt8]) {
    self.name = name
    self.keyHash = keyHash
    self.bytes = bytes
  }

  /// Nil unless this is one whole signature line without its newline.
  init?(line: Substring) {
    let dash = Self.dash.utf8
    guard line.utf8.starts(with: dash) else { return nil }
    let fields = line.utf8.dropFirst(dash.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard fields.count == 2, let encoded = Base64.decode(Substring(fields[1])), encoded.count > Self.keyHashByteCount else {
      return nil
    }
    name = String(Substring(fields[0]))
    guard Self.isUsable(name: name) else { return nil }
    keyHash = Array(encoded.prefix(Self.keyHashByteCount))
    bytes = Array(encoded.dropFirst(Self.keyHashByteCount))
  }

  var line: String { "\(Self.dash)\(name) \(Base64.encode(keyHash + bytes))\n" }

  /// Whether this line claims to be by the key. Names are compared byte by byte, not by how they look.
  func claims(name: String, key: PublicKey) -> Bool {
    self.name.utf8.elementsEqual(name.utf8) && keyHash == Self.keyHash(name: name, key: key)
  }

  /// The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key).
  package static func keyHash(name: String, key: PublicKey) -> [UInt8] {
    Array(SHA256.hash([Array(name.utf8), [UInt8(ascii: "\n"), ed25519], key.bytes]).bytes.prefix(keyHashByteCount))
  }

  /// Whether a key may have this name.
  package static func isUsable(name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace
      }
  }
}
