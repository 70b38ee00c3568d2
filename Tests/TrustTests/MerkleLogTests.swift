// The growing of a log and the making of proofs, against the plain definitions and the published example roots.
import Testing
import Trust

@Suite struct MerkleLogTests {
  private let largest = 65

  @Test func `the published example log has the published roots`() throws {
    let records = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    let roots = [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    var frontier = MerkleFrontier()
    #expect(frontier.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    for (record, root) in zip(records, roots) {
      frontier.append(MerkleHash.leaf(try #require(Hex.decode(record))))
      #expect(frontier.root.hex == root)
    }
  }

  @Test func `appending completes every node once, and the root is the plain one`() throws {
    let log = PlainMerkleLog(count: largest)
    var frontier = MerkleFrontier()
    var seen: Set<[UInt64]> = []
    for (position, leaf) in log.leaves.enumerated() {
      for node in frontier.append(leaf) {
        let isNew = seen.insert([UInt64(node.level), node.index]).inserted
        #expect(isNew)
        #expect(try log.node(level: node.level, index: node.index) == node.hash)
      }
      #expect(frontier.size == UInt64(position + 1))
      #expect(frontier.root == log.root(position + 1))
    }
    // A log of n leaves has 2n - (bits set in n) complete nodes.
    #expect(seen.count == 2 * largest - largest.nonzeroBitCount)
  }

  @Test func `a frontier comes back from its peaks or from the nodes`() throws {
    let log = PlainMerkleLog(count: largest)
    var frontier = MerkleFrontier()
    for leaf in log.leaves {
      #expect(MerkleFrontier(size: frontier.size, peaks: frontier.peaks) == frontier)
      #expect(MerkleFrontier(size: frontier.size, peaks: frontier.peaks + [.zero]) == nil)
      #expect(try MerkleFrontier(size: frontier.size, source: log) == frontier)
      #expect(try MerkleProof.root(size: frontier.size, source: log) == frontier.root)
      frontier.append(leaf)
    }
    #expect(MerkleFrontier(size: 3, peaks: []) == nil)
  }

  @Test func `inclusion proofs are the plain ones and hold`() throws {
    let log = PlainMerkleLog(count: largest)
    for size in 1...largest {
      let root = log.root(size)
      for index in 0..<size {
        let proof = try MerkleProof.inclusion(index: UInt64(index), size: UInt64(size), source: log)
        #expect(proof == log.path(index, size))
        #expect(
          MerkleProof.verifyInclusion(
            leaf: log.leaves[index], index: UInt64(index), size: UInt64(size), proof: proof, root: root))
      }
    }
  }

  @Test func `consistency proofs are the plain ones and hold`() throws {
    let log = PlainMerkleLog(count: largest)
    let roots = (0...largest).map(log.root)
    for second in 0...largest {
      for first in 0...second {
        let proof = try MerkleProof.consistency(first: UInt64(first), second: UInt64(second), source: log)
        #expect(proof == log.proof(first, second))
        #expect(
          MerkleProof.verifyConsistency(
            first: UInt64(first), firstRoot: roots[first], second: UInt64(second), secondRoot: roots[second], proof: proof))
      }
    }
  }

  @Test func `what lies outside the log has no proof`() {
    let log = PlainMerkleLog(count: 4)
    #expect(throws: TrustError.outsideLog) { try MerkleProof.inclusion(index: 4, size: 4, source: log) }
    #expect(throws: TrustError.outsideLog) { try MerkleProof.inclusion(index: 0, size: 0, source: log) }
    #expect(throws: TrustError.outsideLog) { try MerkleProof.consistency(first: 3, second: 2, source: log) }
    #expect(throws: PlainMerkleLog.NodeMissing.self) { try MerkleProof.root(size: 5, source: log) }
  }

  @Test(arguments: [1 << 40, 1 << 63, .max - 1, .max, 0x8000_0000_0000_0001, 0x5555_5555_5555_5555] as [UInt64])
  func `proofs hold in logs of any size`(size: UInt64) throws {
    let log = UniformLog()
    let root = try MerkleProof.root(size: size, source: log)
    #expect(try MerkleFrontier(size: size, source: log).root == root)
    for index in [0, 1, size / 2, size - 2, size - 1] {
      let proof = try MerkleProof.inclusion(index: index, size: size, source: log)
      #expect(MerkleProof.verifyInclusion(leaf: log.leaf, index: index, size: size, proof: proof, root: root))
    }
    for first in [1, 2, 3, size / 2, size / 2 + 1, size - 1, size] {
      let firstRoot = try MerkleProof.root(size: first, source: log)
      let proof = try MerkleProof.consistency(first: first, second: size, source: log)
      #expect(
        MerkleProof.verifyConsistency(first: first, firstRoot: firstRoot, second: size, secondRoot: root, proof: proof))
    }
  }
}
