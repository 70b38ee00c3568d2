// What the console finds of a tenant that the server does not write to, and what is no such tenant.
import ReviewModel
import Storage
import SyncEngine
import Testing
import Trust

@testable import SyncServer

@Suite struct OldCopyFindingTests {
  @Test func `an old copy is told with both sizes; what is held, or of another epoch, is none`() throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let store = try bench.shelf.open(tenant.id)
    let state = try store.state()
    let size = state.ledgerSize
    let origin = bench.identity.origin(tenant: tenant.id, epoch: state.epoch)
    func finding() throws -> OldCopyFinding? {
      try OldCopyFinding.look(at: tenant.id, identity: bench.identity, store: store, directory: bench.directory)
    }
    #expect(try finding() == nil, "nothing was shown")
    let root = try StoredProof.root(size: size, source: StoreNodeSource(store: store))
    let other = SHA256.hash([9])
    try bench.directory.keep(shown: SeenCheckpoint(origin: origin, size: size, root: root), of: tenant.id)
    #expect(try finding() == nil, "it is held")
    try bench.directory.keep(shown: SeenCheckpoint(origin: origin + "x", size: size + 9, root: other), of: tenant.id)
    #expect(try finding() == nil, "of another epoch")
    try bench.directory.keep(shown: SeenCheckpoint(origin: origin, size: size + 9, root: other), of: tenant.id)
    let short = try #require(try finding())
    #expect(short.shownSize == size + 9 && short.heldSize == size)
    #expect(short.sentence.contains("\(size + 9) entries, and this one has \(size)"))
    try bench.directory.keep(shown: SeenCheckpoint(origin: origin, size: size, root: other), of: tenant.id)
    let astray = try #require(try finding())
    #expect(astray.sentence.contains("\(size) entries, and this one, of \(size), does not continue it"))
    #expect(try bench.directory.shown(of: tenant.id) != nil, "looking lifts nothing")
  }
}
