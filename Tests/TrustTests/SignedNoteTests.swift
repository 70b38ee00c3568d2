// Signed notes and checkpoints: the published format, round trips, and everything that must be refused.
import Testing
import Trust

@Suite struct SignedNoteTests {
  private let text = "log.example/tenant/epoch\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
  private let name = "log.example"

  private func key(_ byte: UInt8) throws -> SigningKey {
    try #require(SigningKey(seed: [UInt8](repeating: byte, count: 32)))
  }

  @Test(arguments: [
    ("PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
    ("EnochRoot", "af0cfe78", "ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"),
  ])
  func `the key hash is the published one`(name: String, hash: String, encodedKey: String) throws {
    let bytes = try #require(Base64.decode(encodedKey))
    let key = try #require(PublicKey(bytes.dropFirst()))
    #expect(bytes.first == 1)
    #expect(Hex.encode(NoteSignature.keyHash(name: name, key: key)) == hash)
  }

  @Test func `a note has the form of the specification and comes back`() throws {
    let key = try key(1)
    let note = try SignedNote.sign(text: text, name: name, key: key)
    let blob = Base64.encode(NoteSignature.keyHash(name: name, key: key.publicKey) + key.sign(Array(text.utf8)).bytes)
    #expect(note.encoded == text + "\n\u{2014} log.example " + blob + "\n")
    let read = try SignedNote(parsing: note.encoded)
    #expect(read == note)
    #expect(try SignedNote(parsing: Array(note.encoded.utf8)) == note)
    #expect(read.verify(name: name, key: key.publicKey))
    #expect(!read.verify(name: "other.example", key: key.publicKey))
    #expect(!read.verify(name: name, key: try self.key(2).publicKey))
  }

  @Test func `a text may have empty lines, and other signatures are passed over`() throws {
    let key = try key(1)
    let poem = "one\n\ntwo\n"
    let note = try SignedNote.sign(text: poem, name: name, key: key)
    let witness = "\u{2014} witness.example " + Base64.encode([1, 2, 3, 4, 5]) + "\n"
    let read = try SignedNote(parsing: note.encoded + witness)
    #expect(read.text == poem)
    #expect(read.signatures.count == 2)
    #expect(read.verify(name: name, key: key.publicKey))
    #expect(read.encoded == note.encoded + witness)
  }

  @Test func `a false line of the known key spoils the note`() throws {
    let key = try key(1)
    let note = try SignedNote.sign(text: text, name: name, key: key)
    let hash = NoteSignature.keyHash(name: name, key: key.publicKey)
    for forged in [[UInt8](repeating: 0, count: 64), [0]] {
      let line = "\u{2014} log.example " + Base64.encode(hash + forged) + "\n"
      #expect(!(try SignedNote(parsing: note.encoded + line).verify(name: name, key: key.publicKey)))
    }
  }

  @Test func `names are compared by bytes, not by look`() throws {
    let key = try key(1)
    let note = try SignedNote.sign(text: text, name: "caf\u{E9}", key: key)
    #expect(note.verify(name: "caf\u{E9}", key: key.publicKey))
    #expect(!note.verify(name: "cafe\u{301}", key: key.publicKey))
  }

  @Test func `every flipped bit is refused`() throws {
    let key = try key(1)
    let original = Array(try SignedNote.sign(text: text, name: name, key: key).encoded.utf8)
    for position in original.indices {
      for bit in 0..<8 {
        var bytes = original
        bytes[position] ^= 1 << UInt8(bit)
        let note = try? SignedNote(parsing: bytes)  // Nil is a refusal, which is what is asked here.
        #expect(note?.verify(name: name, key: key.publicKey) != true)
      }
    }
  }

  @Test func `every truncated note is refused`() throws {
    let key = try key(1)
    let original = Array(try SignedNote.sign(text: text, name: name, key: key).encoded.utf8)
    for count in original.indices {
      #expect(throws: TrustError.malformedNote) { try SignedNote(parsing: Array(original.prefix(count))) }
    }
  }

  @Test(arguments: [
    "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n\n\u{2014} name AAAAAAA=", "text\n\n\u{2014} name\n",
    "text\n\n\u{2014} name AAAAAAA=\n\u{2014} name ?\n", "text\n\n- name AAAAAAA=\n", "text\n\n\u{2014}  AAAAAAA=\n",
    "text\n\n\u{2014} na+me AAAAAAA=\n", "text\n\n\u{2014} na\u{A0}me AAAAAAA=\n", "text\n\n\u{2014} name AAAAAAA\n",
    "text\n\n\u{2014} name AAAAAAB=\n", "text\n\n\u{2014} name AAAA\n", "text\n\n\u{2014} name AAAAAAA= \n",
    "text\r\n\n\u{2014} name AAAAAAA=\n", "te\u{0}xt\n\n\u{2014} name AAAAAAA=\n", "te\txt\n\n\u{2014} name AAAAAAA=\n",
  ])
  func `malformed notes are refused`(note: String) {
    #expect(throws: TrustError.malformedNote) { try SignedNote(parsing: note) }
  }

  @Test func `the form that those cases spoil is read`() throws {
    let note = try SignedNote(parsing: "text\n\n\u{2014} name AAAAAAA=\n")
    #expect(note.signatures.map(\.name) == ["name"])
    #expect(note.signatures.map(\.bytes) == [[0]])
  }

  @Test func `a note has bounds`() throws {
    let key = try key(1)
    let overhead = try SignedNote.sign(text: "\n", name: name, key: key).encoded.utf8.count
    let longest = String(repeating: "a", count: SignedNote.maximumByteCount - overhead) + "\n"
    let note = try SignedNote.sign(text: longest, name: name, key: key)
    #expect(try SignedNote(parsing: note.encoded).verify(name: name, key: key.publicKey))
    #expect(throws: TrustError.malformedNote) { try SignedNote.sign(text: "a" + longest, name: name, key: key) }
    #expect(throws: TrustError.malformedNote) { try SignedNote(parsing: "a" + note.encoded) }
    #expect(throws: TrustError.malformedNote) { try SignedNote(parsing: [0xFF] + Array(note.encoded.utf8)) }
    #expect(throws: TrustError.malformedNote) { try SignedNote.sign(text: "no newline", name: name, key: key) }
    for unusable in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
      #expect(throws: TrustError.unusableName) { try SignedNote.sign(text: text, name: unusable, key: key) }
    }
  }
}
