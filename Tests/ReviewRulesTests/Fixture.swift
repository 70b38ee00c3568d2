// A small world to try the rules in: one tenant, its people and a campaign, made by nothing but mutations.
import ReviewModel
import ReviewRules
import Testing
import Trust

struct Person: Sendable {
  var name: String
  var id: MemberID
  var key: SigningKey

  var device: Digest { key.publicKey.fingerprint }
}

/// Holds the entities as a store would, and decides one mutation after the other on them.
struct World {
  let tenant = TenantID(hex: "11111111111111111111111111111111") ?? .zero
  let serverKey = World.key("server")
  private(set) var store: [EntityKey: Entity] = [:]
  private(set) var lastDecided: Decided?
  private(set) var lastChanges: [EntityChange] = []
  private(set) var lastRounds = 0
  /// Sent with the next mutation.
  var parts: [Part] = []
  var now: UInt64 = 1_770_000_000_000
  var nextIndex: UInt64 = 0
  private var counter: UInt64 = 0

  static func key(_ name: String) -> SigningKey {
    guard let key = SigningKey(seed: SHA256.hash(Array(name.utf8)).bytes) else { preconditionFailure("32 bytes are a seed") }
    return key
  }

  static func person(_ name: String) -> Person {
    Person(name: name, id: id(of: "member \(name)"), key: key(name))
  }

  static func id<Kind>(of name: String) -> Identifier<Kind> {
    Identifier(Array(SHA256.hash(Array(name.utf8)).bytes.prefix(16))) ?? .zero
  }

  mutating func newID<Kind>() -> Identifier<Kind> {
    counter += 1
    return Self.id(of: "id \(counter)")
  }

  mutating func salt() -> [UInt8] {
    counter += 1
    return SHA256.hash(Array("salt \(counter)".utf8)).bytes
  }

  /// Adds a text to what is sent with the next mutation.
  mutating func text(_ text: String, _ kind: PartKind) -> Digest { attach(.text(text, kind: kind, salt: salt())) }

  mutating func attach(_ part: Part) -> Digest {
    parts.append(part)
    return part.digest
  }

  func context(_ actor: Actor, mutation: MutationID) -> RuleContext {
    RuleContext(
      tenant: tenant, actor: actor, mutationID: mutation, clock: HybridClock(wallMilliseconds: now, counter: 0),
      nowMilliseconds: now, ledgerIndex: nextIndex)
  }

  @discardableResult
  mutating func act(_ person: Person, _ mutation: Mutation) -> Outcome {
    act(Actor(member: person.id, device: person.device), mutation)
  }

  @discardableResult
  mutating func act(_ actor: Actor, _ mutation: Mutation) -> Outcome { act(actor, mutation.encoded()) }

  /// Decides a body on the store, loading what the rules ask for, and keeps what they wrote.
  @discardableResult
  mutating func act(_ actor: Actor, _ body: [UInt8]) -> Outcome {
    let context = context(actor, mutation: newID())
    var set = WorkingSet()
    let sent = PartSet(parts)
    parts = []
    for round in 1...300 {
      switch Rules.decide(body, parts: sent, context: context, in: &set) {
      case .needs(let keys):
        #expect(!keys.isEmpty && Set(keys).count == keys.count)
        #expect(set.takeChanges().isEmpty, "an incomplete attempt writes nothing")
        for key in keys {
          #expect(!set.holds(key))
          set.load(key, store[key])
        }
      case .decided(let decided):
        lastRounds = round
        keep(decided, set.takeChanges())
        return decided.outcome
      }
    }
    Issue.record("the rules never have enough")
    return .rejected(.serverFault)
  }

  private mutating func keep(_ decided: Decided, _ changes: [EntityChange]) {
    lastDecided = decided
    lastChanges = changes
    for change in changes {
      #expect(change.before == store[change.key])
      #expect(decided.written.contains(change.key))
      store[change.key] = change.after
    }
    now += 1_000
    nextIndex += 1
  }

  mutating func put(_ scope: Scope, _ value: EntityValue) { store[value.key] = Entity(scope: scope, value: value) }

  // MARK: Looking

  func subject(_ id: SubjectID) throws -> SubjectEntity {
    guard case .subject(let value) = store[.subject(id)]?.value else { throw Missing.entity }
    return value
  }

  func state(_ id: SubjectID) throws -> SubjectState { .derive(from: try subject(id)) }

  func head(_ id: SubjectID) throws -> Digest { try #require(try subject(id).heads.first) }

  func content(_ digest: Digest) throws -> RevisionContent {
    guard case .revision(let value) = store[.revision(digest)]?.value, let part = Part(value.part) else { throw Missing.entity }
    return try RevisionContent(canonical: part.content)
  }

  func scope(_ key: EntityKey) -> Scope? { store[key]?.scope }

  func decision(_ id: DecisionID) throws -> DecisionEntity {
    guard case .decision(let value) = store[.decision(id)]?.value else { throw Missing.entity }
    return value
  }

  enum Missing: Error { case entity }
}
