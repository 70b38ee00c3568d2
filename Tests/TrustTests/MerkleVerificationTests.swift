// Judging proofs that are wrong: every change must be noticed, and no number may trap.
import Foundation
import Testing
import Trust

@Suite struct MerkleVerificationTests {
  @Test func `a changed inclusion proof fails`() throws {
    let log = PlainMerkleLog(count: 21)
    for size in 1...21 {
      let root = log.root(size)
      for index in 0..<size {
        let leaf = log.leaves[index]
        let proof = log.path(index, size)
        func holds(_ proof: [Digest], leaf: Digest, index: Int, root: Digest) -> Bool {
          MerkleProof.verifyInclusion(leaf: leaf, index: UInt64(index), size: UInt64(size), proof: proof, root: root)
        }
        for changed in changes(of: proof) { #expect(!holds(changed, leaf: leaf, index: index, root: root)) }
        #expect(!holds(proof, leaf: .zero, index: index, root: root))
        #expect(!holds(proof, leaf: leaf, index: index, root: .zero))
        #expect(!holds(proof, leaf: leaf, index: size, root: root))
        for other in 0..<size where other != index {
          #expect(!holds(proof, leaf: leaf, index: other, root: root))
        }
      }
    }
  }

  @Test func `a changed consistency proof fails`() throws {
    let log = PlainMerkleLog(count: 21)
    for second in 1...21 {
      for first in 0..<second {
        let proof = log.proof(first, second)
        func holds(_ proof: [Digest], firstRoot: Digest, secondRoot: Digest) -> Bool {
          MerkleProof.verifyConsistency(
            first: UInt64(first), firstRoot: firstRoot, second: UInt64(second), secondRoot: secondRoot, proof: proof)
        }
        for changed in changes(of: proof) {
          #expect(!holds(changed, firstRoot: log.root(first), secondRoot: log.root(second)))
        }
        #expect(!holds(proof, firstRoot: .zero, secondRoot: log.root(second)))
        // Of an empty log nothing follows about the second root, so only then may it be anything.
        #expect(holds(proof, firstRoot: log.root(first), secondRoot: .zero) == (first == 0))
      }
    }
  }

  @Test func `equal sizes want equal roots, and a log never shrinks`() {
    let root = SHA256.hash([1])
    func holds(_ first: UInt64, _ firstRoot: Digest, _ second: UInt64, _ secondRoot: Digest, _ proof: [Digest] = []) -> Bool {
      MerkleProof.verifyConsistency(first: first, firstRoot: firstRoot, second: second, secondRoot: secondRoot, proof: proof)
    }
    #expect(holds(5, root, 5, root))
    #expect(!holds(5, root, 5, .zero))
    #expect(!holds(5, root, 5, root, [root]))
    #expect(!holds(6, root, 5, root))
    #expect(holds(0, MerkleHash.emptyRoot, 0, MerkleHash.emptyRoot))
    #expect(!holds(0, root, 0, root))
    #expect(!holds(0, root, 5, root))
    #expect(!holds(0, MerkleHash.emptyRoot, 5, root, [root]))
  }

  @Test func `no number and no length traps`() {
    let numbers: [UInt64] = [0, 1, 2, 3, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, .max - 1, .max]
    for count in [0, 1, 2, 62, 63, 64, 65, 200] {
      let proof = [Digest](repeating: .zero, count: count)
      for first in numbers {
        for second in numbers {
          #expect(
            !MerkleProof.verifyInclusion(
              leaf: .zero, index: first, size: second, proof: proof, root: MerkleHash.emptyRoot))
          #expect(
            !MerkleProof.verifyConsistency(
              first: first, firstRoot: .zero, second: second, secondRoot: MerkleHash.emptyRoot, proof: proof))
        }
      }
    }
  }

  @Test(.published("rfc6962/inclusion"))
  func `the published inclusion cases are judged as published`() throws {
    for file in try PublishedVectors.files(below: "rfc6962/inclusion") {
      let vector = try JSONDecoder().decode(InclusionVector.self, from: Data(contentsOf: file))
      // A hash of another length cannot even be named here: that is a refusal too.
      guard let leaf = digest(vector.leafHash), let root = digest(vector.root), let proof = digests(vector.proof) else {
        #expect(vector.wantErr, "\(file.lastPathComponent)")
        continue
      }
      let holds = MerkleProof.verifyInclusion(
        leaf: leaf, index: vector.leafIdx, size: vector.treeSize, proof: proof, root: root)
      #expect(holds == !vector.wantErr, "\(file.path)")
    }
  }

  @Test(.published("rfc6962/consistency"))
  func `the published consistency cases are judged as published`() throws {
    for file in try PublishedVectors.files(below: "rfc6962/consistency") {
      let vector = try JSONDecoder().decode(ConsistencyVector.self, from: Data(contentsOf: file))
      guard let first = digest(vector.root1), let second = digest(vector.root2), let proof = digests(vector.proof) else {
        #expect(vector.wantErr, "\(file.lastPathComponent)")
        continue
      }
      let holds = MerkleProof.verifyConsistency(
        first: vector.size1, firstRoot: first, second: vector.size2, secondRoot: second, proof: proof)
      #expect(holds == !vector.wantErr, "\(file.path)")
    }
  }

  /// One element changed, left out or put in, at every place.
  private func changes(of proof: [Digest]) -> [[Digest]] {
    var changed: [[Digest]] = [proof + [.zero], [.zero] + proof]
    for position in proof.indices {
      var other = proof
      other[position] = SHA256.hash(proof[position].bytes)
      changed.append(other)
      other.remove(at: position)
      changed.append(other)
    }
    return changed
  }
}

private struct InclusionVector: Decodable {
  let leafIdx: UInt64
  let treeSize: UInt64
  let root: String
  let leafHash: String
  let proof: [String]?
  let wantErr: Bool
}

private struct ConsistencyVector: Decodable {
  let size1: UInt64
  let size2: UInt64
  let root1: String
  let root2: String
  let proof: [String]?
  let wantErr: Bool
}

private func digest(_ text: String) -> Digest? { Base64.decode(text).flatMap { Digest($0) } }

private func digests(_ texts: [String]?) -> [Digest]? {
  let found = (texts ?? []).compactMap(digest)
  return found.count == (texts ?? []).count ? found : nil
}
