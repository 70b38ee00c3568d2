// Ed25519 against the whole of Project Wycheproof's verification set, when it is there.
import Foundation
import Testing
import Trust

private struct VectorSet: Decodable {
  let numberOfTests: Int
  let testGroups: [Group]

  struct Group: Decodable {
    let publicKey: Key
    let tests: [Case]
  }

  struct Key: Decodable {
    let pk: String
  }

  struct Case: Decodable {
    let tcId: Int
    let comment: String
    let msg: String
    let sig: String
    let result: String
  }
}

@Suite struct WycheproofTests {
  @Test(.published("wycheproof-ed25519.json"))
  func `every valid signature verifies and every invalid one fails`() throws {
    let data = try PublishedVectors.data("wycheproof-ed25519.json")
    let set = try JSONDecoder().decode(VectorSet.self, from: data)
    var count = 0
    for group in set.testGroups {
      let keyBytes = try #require(Hex.decode(group.publicKey.pk))
      let key = try #require(PublicKey(keyBytes))
      for vector in group.tests {
        let message = try #require(Hex.decode(vector.msg))
        let bytes = try #require(Hex.decode(vector.sig))
        // A signature of another length is no signature at all.
        let holds = Signature(bytes).map { key.isValid($0, over: message) } ?? false
        #expect(holds == (vector.result == "valid"), "case \(vector.tcId): \(vector.comment)")
        count += 1
      }
    }
    #expect(count > 0 && count == set.numberOfTests)
  }
}
