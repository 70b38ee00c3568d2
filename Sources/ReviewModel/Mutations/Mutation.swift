// A signed intent to change something: the only way anything changes.

/// The body of an envelope: exactly one kind of intent. The case's field number is part of the protocol.
package enum Mutation: Sendable, Hashable {
  case createTenant(CreateTenant)
  case nameRoot(NameRoot)
  case inviteMember(InviteMember)
  case enrolDevice(EnrolDevice)
  case vouchDevice(VouchDevice)
  case setRoles(SetRoles)
  case revokeDevice(RevokeDevice)
  case setPolicy(SetPolicy)
  case createCampaign(CreateCampaign)
  case setCampaignMembers(SetCampaignMembers)
  case createItem(CreateItem)
  case createDocument(CreateDocument)
  case stageBatch(StageBatch)
  case importBatch(ImportBatch)
  case revise(Revise)
  case merge(Merge)
  case withdraw(Withdraw)
  case erase(Erase)
  case submit(Submit)
  case decide(Decide)
  case withdrawDecision(WithdrawDecision)
  case comment(AddComment)
  case editComment(EditComment)
  case resolveThread(ResolveThread)
  case assignReviewer(AssignReviewer)
  case delegate(Delegate)
  case pause(Pause)
  case resume(Resume)

  /// The field of `countersign.v1.Mutation` that holds it.
  package var fieldNumber: Int { contents.number }

  /// 0 for what must not wait behind other work: pause and the revocation of another device. 1 for everything else.
  package var lane: UInt32 {
    switch self {
    case .pause, .revokeDevice: 0
    default: 1
    }
  }

  /// The canonical bytes of the body.
  package func encoded() -> [UInt8] {
    var coder = CanonicalCoder.writer()
    let (number, message) = contents
    coder.writeBytes(number, message.encoded())
    return coder.bytes
  }

  /// Reads a body. `unsupported` is a body that a newer version may understand; anything else that is not canonical throws.
  package static func decode(_ bytes: [UInt8]) throws(CanonicalError) -> DecodedMutation {
    var coder = CanonicalCoder.reader(bytes, isStrict: true)
    guard let number = try coder.nextFieldNumber() else { throw CanonicalError(.missingField, field: 0) }
    guard let mutation = try read(number, from: &coder) else { return .unsupported(fieldNumber: number) }
    try coder.finish()
    return .known(mutation)
  }

  private var contents: (number: Int, message: any CanonicalMessage) {
    switch self {
    case .createTenant(let body): (1, body)
    case .nameRoot(let body): (2, body)
    case .inviteMember(let body): (3, body)
    case .enrolDevice(let body): (4, body)
    case .vouchDevice(let body): (5, body)
    case .setRoles(let body): (6, body)
    case .revokeDevice(let body): (7, body)
    case .setPolicy(let body): (8, body)
    case .createCampaign(let body): (11, body)
    case .setCampaignMembers(let body): (12, body)
    case .createItem(let body): (13, body)
    case .createDocument(let body): (14, body)
    case .stageBatch(let body): (15, body)
    case .importBatch(let body): (16, body)
    case .revise(let body): (17, body)
    case .merge(let body): (18, body)
    case .withdraw(let body): (19, body)
    case .erase(let body): (20, body)
    case .submit(let body): (21, body)
    case .decide(let body): (22, body)
    case .withdrawDecision(let body): (23, body)
    case .comment(let body): (24, body)
    case .editComment(let body): (25, body)
    case .resolveThread(let body): (26, body)
    case .assignReviewer(let body): (27, body)
    case .delegate(let body): (28, body)
    case .pause(let body): (31, body)
    case .resume(let body): (32, body)
    }
  }

  private static func read(_ number: Int, from coder: inout CanonicalCoder) throws(CanonicalError) -> Mutation? {
    switch number {
    case 1: .createTenant(try body(number, &coder))
    case 2: .nameRoot(try body(number, &coder))
    case 3: .inviteMember(try body(number, &coder))
    case 4: .enrolDevice(try body(number, &coder))
    case 5: .vouchDevice(try body(number, &coder))
    case 6: .setRoles(try body(number, &coder))
    case 7: .revokeDevice(try body(number, &coder))
    case 8: .setPolicy(try body(number, &coder))
    case 11: .createCampaign(try body(number, &coder))
    case 12: .setCampaignMembers(try body(number, &coder))
    case 13: .createItem(try body(number, &coder))
    case 14: .createDocument(try body(number, &coder))
    case 15: .stageBatch(try body(number, &coder))
    case 16: .importBatch(try body(number, &coder))
    case 17: .revise(try body(number, &coder))
    case 18: .merge(try body(number, &coder))
    case 19: .withdraw(try body(number, &coder))
    case 20: .erase(try body(number, &coder))
    case 21: .submit(try body(number, &coder))
    case 22: .decide(try body(number, &coder))
    case 23: .withdrawDecision(try body(number, &coder))
    case 24: .comment(try body(number, &coder))
    case 25: .editComment(try body(number, &coder))
    case 26: .resolveThread(try body(number, &coder))
    case 27: .assignReviewer(try body(number, &coder))
    case 28: .delegate(try body(number, &coder))
    case 31: .pause(try body(number, &coder))
    case 32: .resume(try body(number, &coder))
    default: nil
    }
  }

  private static func body<Body: CanonicalMessage>(
    _ number: Int, _ coder: inout CanonicalCoder
  ) throws(CanonicalError) -> Body {
    var body = Body()
    try coder.field(number, &body)
    return body
  }
}

/// What the bytes of a body turned out to be.
package enum DecodedMutation: Sendable, Hashable {
  case known(Mutation)
  case unsupported(fieldNumber: Int)
}
