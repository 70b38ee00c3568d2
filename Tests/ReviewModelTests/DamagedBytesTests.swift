// Whatever the bytes are, readers answer or throw: thousands of damaged samples under fixed seeds.
import ReviewModel
import SyncProtocol
import Testing
import Trust

struct DamagedBytesTests {
  @Test(arguments: CanonicalSample.all) func `damaged messages never trap`(sample: CanonicalSample) {
    var damage = Damage(seed: UInt64(sample.bytes.count))
    for _ in 0..<200 {
      let bytes = damage.damaged(sample.bytes)
      let rewritten = try? sample.rewrite(bytes)
      #expect(rewritten == nil || rewritten == bytes, "what is read strictly is written the same")
      _ = try? sample.rewriteTolerantly(bytes)
    }
  }

  @Test(arguments: EntityKind.allCases) func `damaged payloads of any kind never trap`(kind: EntityKind) {
    var damage = Damage(seed: UInt64(kind.rawValue))
    for sample in CanonicalSample.entities {
      for _ in 0..<20 { _ = try? EntityValue(kind: kind, payload: damage.damaged(sample.bytes)) }
    }
  }

  @Test func `damaged bodies never trap`() {
    var damage = Damage(seed: 7)
    for body in MutationSamples.all {
      for _ in 0..<100 { _ = try? Mutation.decode(damage.damaged(body.encoded())) }
    }
  }
}

/// Changes bytes the way accidents and attackers do; the same seed changes them the same way.
struct Damage {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(bound, 1)))
  }

  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...below(3) {
      let place = below(result.count)
      switch below(6) {
      case 0 where !result.isEmpty: result[place] ^= UInt8(1 << below(8))
      case 1 where !result.isEmpty: result[place] = UInt8(below(256))
      case 2: result.removeLast(below(result.count))
      case 3: result.insert(UInt8(below(256)), at: place)
      case 4 where !result.isEmpty: result.removeSubrange(place..<min(result.count, place + 1 + below(8)))
      default: result += result[place...].prefix(below(64))
      }
    }
    return result
  }
}
