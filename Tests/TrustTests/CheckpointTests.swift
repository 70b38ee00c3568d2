// Checkpoints: their text, who may sign them, and what is refused.
import Testing
import Trust

@Suite struct CheckpointTests {
  private let checkpoint = Checkpoint(origin: "log.example/tenant/epoch", size: 20_852_163, root: SHA256.hash([1]))

  private func key(_ byte: UInt8) throws -> SigningKey {
    try #require(SigningKey(seed: [UInt8](repeating: byte, count: 32)))
  }

  @Test func `the specification's own example is read`() throws {
    let note = """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

      \u{2014} example.com/behind-the-sofa \
      Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

      """
    let read = try SignedNote(parsing: note)
    let checkpoint = try Checkpoint(noteText: read.text)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(Base64.encode(checkpoint.root.bytes) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    #expect(checkpoint.extensionLines.isEmpty)
    #expect(read.encoded == note)
  }

  @Test(arguments: [[], ["one"], ["one", "two words \u{2014} and a dash"]])
  func `a signed checkpoint opens to itself`(extensionLines: [String]) throws {
    let key = try key(1)
    for size: UInt64 in [0, 1, .max] {
      let written = Checkpoint(
        origin: checkpoint.origin, size: size, root: checkpoint.root, extensionLines: extensionLines)
      let note = written.signed(by: key, name: "log.example")
      #expect(try Checkpoint.open(note, name: "log.example", key: key.publicKey) == written)
    }
  }

  @Test func `another key, another name or a changed text does not open`() throws {
    let key = try key(1)
    let note = checkpoint.signed(by: key, name: "log.example")
    let stranger = try self.key(2).publicKey
    #expect(throws: TrustError.noteNotSigned) { try Checkpoint.open(note, name: "log.example", key: stranger) }
    #expect(throws: TrustError.noteNotSigned) { try Checkpoint.open(note, name: "log", key: key.publicKey) }
    let larger = "log.example/tenant/epoch\n20852164" + note.dropFirst("log.example/tenant/epoch\n20852163".count)
    #expect(throws: TrustError.noteNotSigned) { try Checkpoint.open(larger, name: "log.example", key: key.publicKey) }
    #expect(throws: TrustError.malformedNote) { try Checkpoint.open("", name: "log.example", key: key.publicKey) }
  }

  @Test func `a signed text that is no checkpoint does not open`() throws {
    let key = try key(1)
    let note = try SignedNote.sign(text: "hello\n", name: "log.example", key: key).encoded
    #expect(throws: TrustError.malformedCheckpoint) { try Checkpoint.open(note, name: "log.example", key: key.publicKey) }
  }

  @Test(arguments: [
    "", "\n", "origin\n1\n", "origin\n1\nROOT", "\n1\nROOT\n", "origin\n01\nROOT\n", "origin\n+1\nROOT\n",
    "origin\n-1\nROOT\n", "origin\n1 \nROOT\n", "origin\n\nROOT\n", "origin\n18446744073709551616\nROOT\n",
    "origin\n1\nAAAA\n", "origin\n1\nROOT\n\n", "origin\n1\nROOT\n\nextension\n", "origin\n1\nROOT=\n", "origin\n1\n\n",
    "ori\tgin\n1\nROOT\n",
  ])
  func `malformed texts are refused`(template: String) {
    let text = replaced(template)
    #expect(throws: TrustError.malformedCheckpoint) { try Checkpoint(noteText: text) }
  }

  @Test func `the form that those cases spoil is read`() throws {
    let text = replaced("origin\n1\nROOT\nextension\n")
    let read = try Checkpoint(noteText: text)
    #expect(read.extensionLines == ["extension"])
    #expect(read.noteText == text)
  }

  @Test func `lines that cannot stand in a note are known beforehand`() {
    #expect(checkpoint.isWellFormed)
    for line in ["", "two\nlines", "a\u{0}b"] {
      #expect(!Checkpoint(origin: line, size: 0, root: .zero).isWellFormed)
      #expect(!Checkpoint(origin: "log", size: 0, root: .zero, extensionLines: [line]).isWellFormed)
    }
  }

  private func replaced(_ template: String) -> String {
    guard let range = template.firstRange(of: "ROOT") else { return template }
    var text = template
    text.replaceSubrange(range, with: Base64.encode(checkpoint.root.bytes))
    return text
  }
}
