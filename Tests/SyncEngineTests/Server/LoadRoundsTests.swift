// What the rules walk through must fit into the rounds of loading that the ledger allows: else the outcome would depend on what
// else was in the group, and the ledger could not be decided again.
import ReviewModel
import ReviewRules
import Storage
import Testing
import Trust

@testable import SyncEngine

@Suite struct LoadRoundsTests {
  private var bench: LedgerBench

  init() throws { bench = try LedgerBench() }

  @Test func `the longest walk fits into the rounds`() {
    let longest = max(RuleLimits.vouchingDepth, RuleLimits.generations)
    #expect(longest + RuleLimits.otherRounds < LedgerLimits.loadRounds)
  }

  private mutating func enrol(_ seed: UInt8, vouchedBy old: BenchDevice) throws -> (BenchDevice, SubmissionResult) {
    var device = try BenchDevice(seed: seed, member: old.member, tenant: old.tenant)
    var vouching = DeviceVouching()
    vouching.tenant = old.tenant
    vouching.oldDevice = old.id
    vouching.deviceKey = device.key.publicKey
    let part = Part.text("Laptop", kind: .name, salt: salt(3))
    var body = EnrolDevice()
    body.publicKey = device.key.publicKey
    body.name = part.digest
    body.oldDevice = old.id
    body.oldDeviceSignature = old.key.sign(vouching.encoded(), as: .deviceVouching)
    let pushed = try device.sign(.enrolDevice(body), parts: [part], mutationID: try identifier(1, seed))
    return (device, try bench.commit([device.verified(pushed)])[0])
  }

  @Test mutating func `the longest row of vouched devices is revoked whole, and grows no further`() throws {
    var row = [bench.reviewer]
    for seed in 120..<120 + UInt8(RuleLimits.vouchingDepth) {
      let (device, result) = try enrol(seed, vouchedBy: row[row.count - 1])
      try bench.expectApplied(result)
      row.append(device)
    }
    let (_, further) = try enrol(199, vouchedBy: row[row.count - 1])
    #expect(further == .refused(.invitationInvalid))
    var body = RevokeDevice()
    body.device = bench.reviewer.id
    let envelope = try bench.admin.verified(bench.admin.sign(.revokeDevice(body)))
    #expect(try bench.commit([envelope])[0].outcome?.status == .applied)
    let stored = try bench.store.load(row.map { .device($0.id) })
    for device in row {
      let payload = try #require(stored[.device(device.id)]).payload
      #expect(try DeviceEntity(canonical: payload).isRevoked)
    }
  }
}
