// Inviting: new people, and further devices of those who are there.
import ReviewModel
import Trust

extension Profile {
  /// Invites a person, signed by this admin's device. The code works once the server has answered the mutation.
  public func inviteMember(name: String, roles: [String]) throws(ClientError) -> InvitationReport {
    var body = InviteMember()
    body.member = newID()
    for name in roles {
      guard let role = Role(name: name) else {
        throw ClientError(.badInput, "\"\(name)\" is no role.", remedy: "Use admin, editor, reviewer, viewer or service.")
      }
      body.roles.append(role)
    }
    return try invite(body, name: name)
  }

  /// Invites a further device of a member who is there (a name, or the beginning of an id), such as the one after a lost
  /// laptop. The member keeps name and roles. The code works once the server has answered the mutation.
  ///
  /// - Throws: `notFound` for nobody, and for who was removed; `ambiguous` with the candidates in `details`.
  public func inviteDevice(ofMember name: String) throws(ClientError) -> InvitationReport {
    let known = try member(named: name)
    var body = InviteMember()
    body.member = known.id
    // Every invitation brings a name; the rules keep the member's own, and let go of the mark of an erased one.
    return try invite(body, name: known.shownName)
  }

  private func invite(_ invitation: InviteMember, name: String) throws(ClientError) -> InvitationReport {
    let identity = openIdentity
    guard let invite = SigningKey(seed: environment.randomBytes(SigningKey.seedByteCount)) else { throw .damagedIdentity }
    let part = newPart(name, .name)
    var body = invitation
    body.inviteKey = invite.publicKey
    body.name = part.digest
    let report = try change([ChangeDraft(.inviteMember(body), parts: [part])])
    guard let mutation = report.mutations.first else {
      throw ClientError(rejected: report.results.first.flatMap { RefusalCode(name: $0.code) } ?? .notPermitted)
    }
    var code = InvitationCode()
    code.url = identity.file.url
    code.tenant = identity.tenant
    code.tenantName = identity.file.tenantName
    code.serverKey = try identity.serverKey()
    code.rootFingerprint = identity.file.rootFingerprint.flatMap { Digest(hex: $0) }
    code.seed = invite.seed
    return InvitationReport(code: code.text, member: body.member.hex, mutation: mutation)
  }
}
