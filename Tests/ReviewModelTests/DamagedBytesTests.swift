// Whatever the bytes are, readers answer or throw: thousands of damaged samples under fixed seeds.
import ReviewModel
import SeededInput
import SyncProtocol
import Testing
import Trust

struct DamagedBytesTests {
  @Test(arguments: CanonicalSample.all) func `damaged messages never trap`(sample: CanonicalSample) {
    var damage = SeededDamage(seed: UInt64(sample.bytes.count))
    for _ in 0..<200 {
      let bytes = damage.damaged(sample.bytes)
      let rewritten = try? sample.rewrite(bytes)
      #expect(rewritten == nil || rewritten == bytes, "what is read strictly is written the same")
      _ = try? sample.rewriteTolerantly(bytes)
    }
  }

  @Test(arguments: EntityKind.allCases) func `damaged payloads of any kind never trap`(kind: EntityKind) {
    var damage = SeededDamage(seed: UInt64(kind.rawValue))
    for sample in CanonicalSample.entities {
      for _ in 0..<20 { _ = try? EntityValue(kind: kind, payload: damage.damaged(sample.bytes)) }
    }
  }

  @Test func `damaged bodies never trap`() {
    var damage = SeededDamage(seed: 7)
    for body in MutationSamples.all {
      for _ in 0..<100 { _ = try? Mutation.decode(damage.damaged(body.encoded())) }
    }
  }
}
