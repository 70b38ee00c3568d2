// What the rules let through is what frames can carry.
import ReviewModel
import ReviewRules
import SyncProtocol
import Testing
import Trust

@Suite struct SizeLimitTests {
  @Test func `the largest entity that the rules write fits into a frame`() {
    #expect(RuleLimits.entityByteCount < WireLimits.payloadBytes)
    #expect(RuleLimits.mergedPartByteCount < RuleLimits.entityByteCount)
    #expect(RuleLimits.mergedPartByteCount < WireLimits.envelopeWithPartsBytes)
  }

  @Test func `the largest record that the rules allow fits into a frame`() {
    let digest = SHA256.hash(Array("any".utf8))
    let target = TargetOutcome(status: .rejected, code: .staleRevision, current: digest, result: digest)
    var record = LeafRecord()
    record.outcome = Outcome(targets: Array(repeating: target, count: RuleLimits.targets))
    record.outcome.duplicateOf = 1 << 62
    record.outcome.isCheckpointDisputed = true
    record.touched = Array(repeating: TouchedEntity(key: .device(digest), previousIndex: 1 << 62), count: RuleLimits.touched)
    #expect(record.encoded().count < WireLimits.leafRecordBytes)
  }
}
