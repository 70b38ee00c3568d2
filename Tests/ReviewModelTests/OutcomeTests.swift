// What a whole outcome says follows from its targets; codes have names that read back.
import ReviewModel
import Testing
import Trust

struct OutcomeTests {
  @Test func `an outcome is applied if any target is`() {
    let refused = TargetOutcome(status: .rejected, code: .staleRevision)
    #expect(Outcome(targets: [refused, TargetOutcome(status: .applied)]).status == .applied)
    #expect(Outcome(targets: [refused, TargetOutcome(status: .applied)]).code == nil)
    #expect(Outcome(targets: [refused, TargetOutcome(status: .parked, code: .deviceRevoked)]).status == .rejected)
    #expect(Outcome.rejected(.notFound).code == .notFound)
    #expect(Outcome.parked(.roleLost).status == .parked)
    #expect(Outcome.applied().targets.count == 1)
  }

  @Test(arguments: RefusalCode.allCases) func `every code has a name that reads back`(code: RefusalCode) {
    #expect(RefusalCode(name: code.name) == code)
    #expect(code.name.allSatisfy { $0 == "_" || ("a"..."z").contains($0) })
  }

  @Test func `names are words with underscores`() {
    #expect(RefusalCode.staleRevision.name == "stale_revision")
    #expect(RefusalCode.notAMember.name == "not_a_member")
    #expect(RefusalCode(name: "staleRevision") == nil)
  }

  @Test func `lanes are 0 for what must not wait and 1 for the rest`() {
    let safety = MutationSamples.all.filter { $0.lane == 0 }.map(\.fieldNumber)
    #expect(safety == [7, 31])
  }

  @Test func `an envelope is signed over its encoding and hashed without the signature`() throws {
    let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
    let other = try #require(SigningKey(seed: [UInt8](repeating: 2, count: 32)))
    let signed = SignedEnvelope(CanonicalSample.envelope, signedBy: key)
    #expect(signed.isSigned(by: key.publicKey))
    #expect(!signed.isSigned(by: other.publicKey))
    #expect(try signed.envelope() == CanonicalSample.envelope)
    #expect(signed.hash == SignedEnvelope(CanonicalSample.envelope, signedBy: other).hash)
    let encoding = DSSE.preAuthenticationEncoding(payloadType: PayloadType.mutation.rawValue, payload: signed.bytes)
    #expect(signed.hash == SHA256.hash(encoding))
  }

  @Test func `a batch's stages are digested one by one`() {
    let stages = [StageBatch(), CanonicalSample.with(StageBatch.self) { $0.index = 1 }]
    let inner = stages.flatMap { SHA256.hash($0.encoded()).bytes }
    #expect(ImportBatch.digest(ofStages: stages) == SHA256.hash(inner))
  }
}
