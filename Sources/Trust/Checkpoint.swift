// The head of a log as a signed note (c2sp.org/tlog-checkpoint): what a server cannot take back once a device holds it.

/// A log at one moment.
package struct Checkpoint: Hashable, Sendable {
  /// Which log: `<server name>/<tenant id>/<epoch>`.
  package let origin: String
  /// How many leaves it has.
  package let size: UInt64
  /// Its root at that size.
  package let root: Digest
  /// Further lines, opaque and not empty; normally none.
  package let extensionLines: [String]

  package init(origin: String, size: UInt64, root: Digest, extensionLines: [String] = []) {
    self.origin = origin
    self.size = size
    self.root = root
    self.extensionLines = extensionLines
  }

  /// Reads the text of a note. Throws `TrustError.malformedCheckpoint` for anything that `noteText` would not write.
  package init(noteText: String) throws(TrustError) {
    let newline = UInt8(ascii: "\n")
    let lines = noteText.utf8.split(separator: newline, omittingEmptySubsequences: false).map { String(Substring($0)) }
    // The last newline ends the last line, so the split leaves one empty piece behind it.
    guard lines.count >= 4, lines.last?.isEmpty == true,
      let size = Self.size(lines[1]),
      let rootBytes = Base64.decode(lines[2]), let root = Digest(rootBytes)
    else { throw .malformedCheckpoint }
    self.init(origin: lines[0], size: size, root: root, extensionLines: Array(lines[3..<(lines.count - 1)]))
    guard isWellFormed else { throw .malformedCheckpoint }
  }

  /// The lines that are signed: origin, size, root in Base64, extension lines.
  package var noteText: String {
    ([origin, String(size), Base64.encode(root.bytes)] + extensionLines).map { $0 + "\n" }.joined()
  }

  /// Whether every line can stand in a note: not empty and without control characters.
  package var isWellFormed: Bool { ([origin] + extensionLines).allSatisfy(Self.isLine) }

  /// The signed note. The lines and the name are the server's own, checked when it starts (`isWellFormed`,
  /// `NoteSignature.isUsable`): one that cannot stand in a note here is a bug, and so is a note that is too long.
  package func signed(by key: SigningKey, name: String) -> String {
    precondition(isWellFormed, "the lines of an own checkpoint are checked when the server starts")
    do {
      return try SignedNote.sign(text: noteText, name: name, key: key).encoded
    } catch {
      preconditionFailure("the name of an own key is checked when the server starts: \(error.code)")
    }
  }

  /// The checkpoint in a note, if the key signed it under that name. Throws `malformedNote`, `noteNotSigned` or
  /// `malformedCheckpoint`. Which log it is about (`origin`) is for the caller to compare.
  package static func open(_ note: String, name: String, key: PublicKey) throws(TrustError) -> Checkpoint {
    let note = try SignedNote(parsing: note)
    guard note.verify(name: name, key: key) else { throw .noteNotSigned }
    return try Checkpoint(noteText: note.text)
  }

  private static func isLine(_ line: String) -> Bool {
    !line.isEmpty && line.utf8.allSatisfy { $0 >= 0x20 }
  }

  /// A decimal number without sign and leading zeros.
  private static func size(_ text: String) -> UInt64? {
    guard let size = UInt64(text), String(size).utf8.elementsEqual(text.utf8) else { return nil }
    return size
  }
}
