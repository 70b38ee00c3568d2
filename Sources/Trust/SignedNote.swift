// Signed notes (c2sp.org/signed-note): a short text with signature lines under it. They may come from a stranger, so
// size and form are checked before anything else.

package struct SignedNote: Hashable, Sendable {
  /// The most bytes a whole note may have.
  package static let maximumByteCount = 4096

  /// What is signed, its last newline included.
  package let text: String
  /// At least one, in the order of their lines.
  package let signatures: [NoteSignature]

  /// Reads a whole note. Throws `TrustError.malformedNote`; verifies nothing.
  package init(parsing note: String) throws(TrustError) {
    guard note.utf8.count <= Self.maximumByteCount, Self.hasOnlyLines(note) else { throw .malformedNote }
    guard let split = Self.lastEmptyLine(of: note) else { throw .malformedNote }
    text = String(note[..<split])
    var lines = note.utf8[note.utf8.index(after: split)...]
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The last line ends with a newline, so what follows it is empty.
    guard lines.popLast()?.isEmpty == true, !lines.isEmpty else { throw .malformedNote }
    var found: [NoteSignature] = []
    for line in lines {
      guard let signature = NoteSignature(line: Substring(line)) else { throw .malformedNote }
      found.append(signature)
    }
    signatures = found
  }

  /// The same for bytes, which must be UTF-8.
  package init(parsing bytes: [UInt8]) throws(TrustError) {
    guard bytes.count <= Self.maximumByteCount, let note = String(validating: bytes, as: UTF8.self) else {
      throw .malformedNote
    }
    try self.init(parsing: note)
  }

  private init(text: String, signatures: [NoteSignature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Signs a text, which must end with a newline. Throws `unusableName`, or `malformedNote` for a text that cannot be
  /// a note or makes it too long.
  package static func sign(text: String, name: String, key: SigningKey) throws(TrustError) -> SignedNote {
    guard NoteSignature.isUsable(name: name) else { throw .unusableName }
    guard text.utf8.last == UInt8(ascii: "\n"), hasOnlyLines(text) else { throw .malformedNote }
    let signature = NoteSignature(
      name: name, keyHash: NoteSignature.keyHash(name: name, key: key.publicKey), bytes: key.sign(Array(text.utf8)).bytes)
    let note = SignedNote(text: text, signatures: [signature])
    guard note.encoded.utf8.count <= maximumByteCount else { throw .malformedNote }
    return note
  }

  /// The whole note, as it is sent and stored.
  package var encoded: String { text + "\n" + signatures.map(\.line).joined() }

  /// Whether the key signed this note: there is a line by it, and every line that claims to be by it holds.
  package func verify(name: String, key: PublicKey) -> Bool {
    let claims = signatures.filter { $0.claims(name: name, key: key) }
    let message = Array(text.utf8)
    return !claims.isEmpty
      && claims.allSatisfy { claim in
        guard let signature = Signature(claim.bytes) else { return false }
        return key.isValid(signature, over: message)
      }
  }

  /// No control characters but newlines.
  private static func hasOnlyLines(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") }
  }

  /// Where the second of the last two newlines in a row stands: the text is before it, the signatures are after it.
  private static func lastEmptyLine(of note: String) -> String.Index? {
    let bytes = note.utf8
    var later = bytes.endIndex
    var laterIsNewline = false
    while later > bytes.startIndex {
      let earlier = bytes.index(before: later)
      let isNewline = bytes[earlier] == UInt8(ascii: "\n")
      if isNewline, laterIsNewline { return later }
      laterIsNewline = isNewline
      later = earlier
    }
    return nil
  }
}
