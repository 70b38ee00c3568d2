// Whom an operator means by a name or an id: the same people as on a device's command line.
import ReviewModel
import Testing

@testable import SyncServer

@Suite struct TenantMembersTests {
  private func member(_ id: String, _ name: String, isRemoved: Bool = false) throws -> MemberEntity {
    var member = MemberEntity()
    member.id = try #require(MemberID(hex: id + String(repeating: "0", count: 32 - id.utf8.count)))
    member.name = name
    member.isRemoved = isRemoved
    return member
  }

  private func code(_ text: String, among members: [MemberEntity], orRemoved: Bool = false) -> AdministrationError.Code? {
    do {
      _ = try TenantMembers.named(text, among: members, orRemoved: orRemoved)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `names regardless of case, ids and beginnings of ids name a member`() throws {
    let members = [try member("1a2b3c", "Rosa"), try member("1a2bff", "Edda"), try member("77", "edda")]
    for text in ["Rosa", "rosa", "ROSA", members[0].id.hex, members[0].id.hex.uppercased(), "1a2b3", "1A2B3"] {
      #expect(try TenantMembers.named(text, among: members) == members[0], "\(text)")
    }
    #expect(try TenantMembers.named("Edda", among: members) == members[1], "as it is written comes first")
    #expect(try TenantMembers.named("edda", among: members) == members[2])
    let named = try member("99", "1a2b3")
    let misleading = members + [named]
    #expect(try TenantMembers.named("1a2b3", among: misleading) == named, "a name comes before the beginning of an id")
  }

  @Test func `nobody, several, too few digits and who was removed are told apart`() throws {
    let members = [try member("1a2b3c", "Rosa"), try member("1a2bff", "Edda"), try member("55", "Emil", isRemoved: true)]
    #expect(code("Nobody", among: members) == .noMember && code("1a2", among: members) == .noMember)
    #expect(code("1a2b", among: members) == .severalMembers)
    let namesake = try member("66", "edda")
    #expect(code("EDDA", among: members + [namesake]) == .severalMembers)
    #expect(code("Emil", among: members) == .noMember && code("5500", among: members) == .noMember)
    #expect(code("Emil", among: members, orRemoved: true) == nil)
    let newcomer = try member("88", "Emil")
    #expect(try TenantMembers.named("emil", among: members + [newcomer]) == newcomer, "whoever was removed is in nobody's way")
  }
}
