// Ids, keys, scopes and clocks: one text or byte form each, and an order.
import ReviewModel
import Testing
import Trust

struct IdentityTests {
  @Test func `an id is 16 bytes and 32 lower-case digits`() throws {
    let bytes = (0..<16).map { UInt8($0 * 17) }
    let id = try #require(SubjectID(bytes))
    #expect(id.bytes == bytes)
    #expect(id.hex == "00112233445566778899aabbccddeeff")
    #expect(SubjectID(hex: id.hex) == id)
    #expect(SubjectID(hex: "00112233445566778899AABBCCDDEEFF") == id)
    #expect(SubjectID.zero.hex == String(repeating: "0", count: 32))
  }

  @Test(arguments: [
    "", "0", "00112233445566778899aabbccddeef", "00112233445566778899aabbccddeeff0", "+0112233445566778899aabbccddeeff",
    "0011223344556677-899aabbccddeeff", "g0112233445566778899aabbccddeeff", " 0112233445566778899aabbccddeeff",
  ])
  func `anything else is no id`(text: String) {
    #expect(SubjectID(hex: text) == nil)
  }

  @Test(arguments: [0, 15, 17, 32]) func `an id of another length is none`(count: Int) {
    #expect(MemberID([UInt8](repeating: 1, count: count)) == nil)
  }

  @Test func `ids are ordered as their bytes`() throws {
    let ids: [MemberID] = try [[0, 1], [0, 2], [1, 0], [0xFF, 0]].map { start in
      try #require(MemberID(start + [UInt8](repeating: 0, count: 14)))
    }
    #expect(ids.shuffled().sorted() == ids)
  }

  @Test func `every scope has one name that reads back`() throws {
    let campaign = try #require(CampaignID(hex: "000102030405060708090a0b0c0d0e0f"))
    let member = try #require(MemberID(hex: "f00102030405060708090a0b0c0d0e0f"))
    let scopes: [Scope] = [.tenant, .campaign(campaign), .campaignInternal(campaign), .member(member), .staging(member)]
    #expect(
      scopes.map(\.name) == [
        "tenant", "campaign/\(campaign)", "campaign/\(campaign)/internal", "member/\(member)", "staging/\(member)",
      ])
    for scope in scopes { #expect(Scope(name: scope.name) == scope) }
    #expect(scopes.map(\.isGrantable) == [true, true, true, true, false])
  }

  @Test(arguments: [
    "", "Tenant", "tenant/", "tenant/x", "campaign", "campaign/", "campaign/00", "/tenant",
    "campaign/000102030405060708090A0B0C0D0E0F", "campaign/000102030405060708090a0b0c0d0e0f/",
    "campaign/000102030405060708090a0b0c0d0e0f/public", "campaign/000102030405060708090a0b0c0d0e0f/internal/x",
    "member/000102030405060708090a0b0c0d0e0f/internal", "service/relay",
  ])
  func `other names are no scopes`(name: String) {
    #expect(Scope(name: name) == nil)
  }

  @Test func `keys are ordered by kind and then by their bytes`() {
    let keys: [EntityKey] = [
      .member(CanonicalSample.id(9)), .subject(CanonicalSample.id(1)), .subject(CanonicalSample.id(2)),
      .revision(CanonicalSample.digest(0)), .stage(CanonicalSample.id(1), index: 1), .stage(CanonicalSample.id(1), index: 256),
    ]
    #expect(keys.shuffled().sorted() == keys)
    #expect(keys[5].id.suffix(2) == [1, 0])
  }

  @Test func `a hybrid clock always goes forward`() {
    var clock = HybridClock(wallMilliseconds: 100, counter: 0)
    for now: UInt64 in [100, 99, 0, 101, 101, 50] {
      let next = clock.advanced(toWallMilliseconds: now)
      #expect(clock < next)
      clock = next
    }
    #expect(clock == HybridClock(wallMilliseconds: 101, counter: 2))
    let full = HybridClock(wallMilliseconds: 7, counter: .max)
    #expect(full.advanced(toWallMilliseconds: 3) == HybridClock(wallMilliseconds: 8, counter: 0))
  }
}
