// What the tests of the plain audits feed them with: a tenant by hand, and single rows.
import ReviewModel
import Storage
import Trust

@testable import SimulationKit

/// A tenant with an admin, an editor, two reviewers, and a campaign that the second reviewer does not belong to.
struct AuditWorld {
  let random = SeededRandom(seed: 1)
  let server = SeededRandom(seed: 10).key()
  let admin: MemberID = SeededRandom(seed: 11).identifier()
  let editor: MemberID = SeededRandom(seed: 12).identifier()
  let reviewer: MemberID = SeededRandom(seed: 13).identifier()
  let stranger: MemberID = SeededRandom(seed: 14).identifier()
  let campaign: CampaignID = SeededRandom(seed: 15).identifier()
  let subject: SubjectID = SeededRandom(seed: 16).identifier()
  private(set) var people = PlainPeople()

  init() {
    var genesis = CreateTenant()
    genesis.serverKey = server.publicKey
    people.note(.createTenant(genesis), .applied())
    let roles: [(MemberID, Role)] = [(admin, .admin), (editor, .editor), (reviewer, .reviewer), (stranger, .reviewer)]
    for (member, role) in roles {
      var invite = InviteMember()
      invite.member = member
      invite.roles = [role]
      people.note(.inviteMember(invite), .applied())
    }
    var create = CreateCampaign()
    create.campaign = campaign
    create.members = [editor, reviewer]
    people.note(.createCampaign(create), .applied())
    var document = CreateDocument()
    document.campaign = campaign
    document.subject = subject
    people.note(.createDocument(document), .applied())
  }

  func roleFault(_ mutation: Mutation, _ outcome: Outcome = .applied(), by member: MemberID) throws -> Violation.Promise? {
    try broken { try RoleAudit.check(mutation, outcome, by: member, on: .zero, people) }
  }
}

/// The promise that the body finds broken; nil if it finds nothing.
func broken(_ body: () throws -> Void) throws -> Violation.Promise? {
  do {
    try body()
    return nil
  } catch let violation as Violation {
    return violation.promise
  }
}

func write(_ value: EntityValue, in scope: Scope = .tenant) -> EntityWrite {
  EntityWrite(key: value.key, seq: 1, scope: scope, payload: value.payload)
}

func cache(_ scope: Scope, _ values: EntityValue...) throws -> MemoryCacheStore {
  let cache = MemoryCacheStore()
  _ = try cache.grant([scope])
  for (place, value) in values.enumerated() {
    let row = StoredRow(key: value.key, seq: UInt64(place) + 1, payload: value.payload)
    _ = try cache.apply(fetched: [ScopedRow(scope: scope, row: row)])
  }
  return cache
}
