// The digest of a scope against its definition, computed byte by byte.
import ReviewModel
import Storage
import Testing
import Trust

@Suite struct ScopeDigestTests {
  /// Addition modulo 2^256 on big-endian bytes, as at school.
  private func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var carry = 0
    var result = left
    for place in (0..<32).reversed() {
      let digit = Int(left[place]) + Int(right[place]) + carry
      result[place] = UInt8(digit & 0xFF)
      carry = digit >> 8
    }
    return result
  }

  @Test func `a row's hash is over its length-prefixed fields`() {
    let key = EntityKey.subject(Sample.identifier(0x0102))
    let fields: [[UInt8]] = [[0, 0, 0, 7], key.id, [0, 0, 0, 0, 0, 0, 1, 0], [9, 8]]
    let bytes = fields.map { [0, 0, 0, UInt8($0.count)] + $0 }.reduce([], +)
    #expect(ScopeDigest.itemHash(key: key, seq: 256, payload: [9, 8]) == SHA256.hash(bytes))
  }

  @Test func `leaves are sums modulo 2 to the 256`() {
    var digest = ScopeDigest()
    var leaves = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: 256)
    for number in 0..<2_000 {
      let hash = Sample.digest("item \(number)")
      let leaf = UInt8(truncatingIfNeeded: number % 5)
      digest.add(hash, leaf: leaf)
      leaves[Int(leaf)] = sum(leaves[Int(leaf)], hash.bytes)
    }
    #expect(digest.leaves.map(\.bytes) == leaves)
    #expect(digest.stored == Array(leaves.joined()))
    #expect(digest.digest == SHA256.hash(Array(leaves.joined())))
    #expect(ScopeDigest(stored: digest.stored) == digest)
  }

  @Test func `what is removed leaves no trace, in any order`() {
    let hashes = (0..<100).map { Sample.digest("item \($0)") }
    var digest = ScopeDigest()
    for hash in hashes { digest.remove(hash, leaf: 3) }
    #expect(digest != ScopeDigest())
    for hash in hashes.reversed() { digest.add(hash, leaf: 3) }
    #expect(digest == ScopeDigest())
  }

  @Test func `stored bytes of another length are refused`() {
    #expect(ScopeDigest(stored: []) == nil)
    #expect(ScopeDigest(stored: [UInt8](repeating: 0, count: 8_191)) == nil)
    #expect(ScopeDigest(stored: [UInt8](repeating: 0, count: 8_193)) == nil)
  }
}
