// A device that has seen a longer ledger: only the server's own signature on exactly that stops its writing.
import ReviewModel
import Storage
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine

@Suite struct ShownNoteTests {
  private static let root = SHA256.hash([9])

  private func note(
    _ bench: LedgerBench, size: UInt64 = 900, root: Digest = Self.root, origin: String? = nil, key: SigningKey? = nil,
    name: String = "bench"
  ) -> [UInt8] {
    let checkpoint = Checkpoint(origin: origin ?? bench.identity.origin, size: size, root: root)
    return Array(checkpoint.signed(by: key ?? bench.server.key, name: name).utf8)
  }

  /// A session of a device that has seen 900 entries, with this note; it must end as it always did.
  private func shown(_ note: [UInt8], to bench: LedgerBench) throws -> [SeenCheckpoint] {
    var bench = bench
    bench.reviewer.checkpoint = SeenCheckpoint(origin: bench.identity.origin, size: 900, root: Self.root)
    let session = SessionBench(bench)
    #expect(throws: BenchError.self) { try session.open(bench.reviewer, showing: note) }
    #expect(session.closeCode == 4018)
    return session.shown
  }

  @Test func `its own signature beyond its head tells the server to stop`() throws {
    let bench = try LedgerBench()
    let seen = SeenCheckpoint(origin: bench.identity.origin, size: 900, root: Self.root)
    #expect(try shown(note(bench), to: bench) == [seen])
  }

  @Test func `whatever proves nothing ends this session only`() throws {
    let bench = try LedgerBench()
    let elsewhere = bench.identity.origin + "x"
    let worthless: [[UInt8]] = [
      [], [0xFF, 0xFE], Array("900\n".utf8), [UInt8](repeating: 10, count: WireLimits.noteBytes),
      note(bench, key: bench.reviewer.key), note(bench, name: "other"), note(bench, origin: elsewhere),
      note(bench, root: SHA256.hash([8])), note(bench, size: 901), note(bench, size: 5),
    ]
    for bytes in worthless { #expect(try shown(bytes, to: bench).isEmpty) }
  }

  @Test func `a note of another log that names its own size proves nothing`() throws {
    var bench = try LedgerBench()
    let elsewhere = bench.identity.origin + "x"
    bench.reviewer.checkpoint = SeenCheckpoint(origin: elsewhere, size: 900, root: Self.root)
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer, showing: note(bench, origin: elsewhere))
    #expect(session.shown == [] && session.closeCode == nil)
  }

  @Test func `a note of what the server holds opens the session`() throws {
    var bench = try LedgerBench()
    let first = SessionBench(bench)
    let welcome = try first.open(bench.reviewer)
    let held = try Checkpoint.open(welcome.checkpointNote, name: "bench", key: bench.server.key.publicKey)
    bench.reviewer.checkpoint = SeenCheckpoint(origin: held.origin, size: held.size, root: held.root)
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer, showing: Array(welcome.checkpointNote.utf8))
    #expect(session.shown == [] && session.closeCode == nil)
  }

  @Test func `a note of an earlier head opens the session as well`() throws {
    var bench = try LedgerBench()
    let size = try bench.store.state().ledgerSize - 1
    let root = try StoredProof.root(size: size, source: StoreNodeSource(store: bench.store))
    bench.reviewer.checkpoint = SeenCheckpoint(origin: bench.identity.origin, size: size, root: root)
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer, showing: note(bench, size: size, root: root))
    #expect(session.shown == [] && session.closeCode == nil)
  }

  @Test func `a note of another history that is no longer than the ledger is for the device to judge`() throws {
    var bench = try LedgerBench()
    let size = try bench.store.state().ledgerSize
    bench.reviewer.checkpoint = SeenCheckpoint(origin: bench.identity.origin, size: size, root: Self.root)
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer, showing: note(bench, size: size))
    #expect(session.shown == [] && session.closeCode == nil)
  }

  @Test func `whoever pushes to an old copy is told so, and to come again`() throws {
    let bench = try LedgerBench()
    let session = SessionBench(bench)
    _ = try session.open(bench.reviewer)
    try session.post(.oldCopyRefused)
    let goodbye = try #require(session.goodbye)
    #expect(goodbye.code == .serverTrouble && goodbye.retryAfterMilliseconds > 0)
    #expect(goodbye.detail == ServerSessionLimits.oldCopySentence && goodbye.detail.utf8.count <= WireLimits.detailBytes)
  }

  @Test func `a stranger's signature with a true note is told nothing and stops nothing`() throws {
    var bench = try LedgerBench()
    bench.reviewer.checkpoint = SeenCheckpoint(origin: bench.identity.origin, size: 900, root: Self.root)
    let session = SessionBench(bench)
    let hello = session.hello(bench.reviewer)
    try session.receive(.hello(hello))
    let forged = SigningKey.generate().sign(session.transcript(hello).encoded(), as: .sessionProof)
    try session.receive(.prove(Prove(signature: forged, seenNote: note(bench))))
    #expect(session.goodbye?.code == .unauthorized && session.shown == [])
  }
}
