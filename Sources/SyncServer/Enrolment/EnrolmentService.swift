// POST /v1/enrol: a device becomes known. The same request again gets the same answer; a stranger's leaves no trace.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Transport
import Trust

package struct EnrolmentService: Sendable {
  private let host: TenantHost
  private let limit = RateLimit(capacity: 60, tokensASecond: 2)

  package init(host: TenantHost) {
    self.host = host
  }

  package func answer(_ request: EdgeRequest) async -> EdgeAnswer {
    let encoding = WireEncoding(mediaType: request.contentType) ?? .binary
    if let wait = limit.wait(for: PeerNetwork.name(of: request.peer), nowMilliseconds: host.environment.uptimeMilliseconds()) {
      let problem = Problem(
        code: "rate_limited", sentence: "Too many enrolments from this address; wait and try again.",
        retryAfterMilliseconds: wait)
      return .problem(429, problem, as: encoding)
    }
    do {
      let response = try await enrol(try EnrolRequest(request.body, as: encoding))
      host.metrics.enrolled()
      return EdgeAnswer(status: 200, contentType: encoding.mediaType, body: try response.encoded(as: encoding))
    } catch let refusal as EnrolmentRefusal {
      return .problem(refusal.status, refusal.problem, as: encoding)
    } catch let error as WireError {
      let isLong = error.code == .tooLarge
      return .problem(
        isLong ? 413 : 400, Problem(code: isLong ? "too_large" : "malformed", sentence: error.sentence), as: encoding)
    } catch {
      let isOldCopy = (error as? StorageError)?.isOldCopy ?? false
      let refusal = isOldCopy ? EnrolmentRefusal.oldCopy : EnrolmentRefusal.trouble
      return .problem(refusal.status, refusal.problem, as: encoding)
    }
  }

  private func enrol(_ request: EnrolRequest) async throws -> EnrolResponse {
    guard let tenant = try await host.acquire(request.tenant) else { throw EnrolmentRefusal.unknownTenant }
    defer { host.release(tenant) }
    let (verified, body) = try Self.check(request)
    if let inviteKey = body.inviteKey { try await record(inviteKey, of: tenant, body: body) }
    let results: [SubmissionResult] = try await tenant.writer.submit([verified]).get()
    switch results.first {
    case .answered(let answer): return try await respond(answer, request, tenant, body)
    case .refused(let code): throw EnrolmentRefusal.refused(code)
    case .forked: return try await respond(try await Self.stored(verified.envelope, body, tenant), request, tenant, body)
    case .numberGap, nil: throw EnrolmentRefusal.notFirst
    }
  }

  /// The envelope is the device's own, its first one, and says nothing but its enrolment.
  private static func check(_ request: EnrolRequest) throws -> (VerifiedEnvelope, EnrolDevice) {
    do {
      let envelope = try request.envelope.envelope.envelope()
      guard case .known(.enrolDevice(let body)) = try Mutation.decode(envelope.body) else {
        throw EnrolmentRefusal.malformed("the envelope must hold enrol_device")
      }
      // Whatever is decided stands in the ledger, refusals too: who is known, or was revoked, must not add to it here.
      guard envelope.lane == 1, envelope.number == 1 else { throw EnrolmentRefusal.notFirst }
      return (
        try VerifiedEnvelope.check(
          request.envelope, tenant: request.tenant, device: body.publicKey.fingerprint, key: body.publicKey), body
      )
    } catch let refusal as EnrolmentRefusal {
      throw refusal
    } catch {
      throw EnrolmentRefusal.malformed("the envelope must be canonical, of this tenant and signed by the new device")
    }
  }

  /// An invitation made at the console reaches the ledger when it is used, signed by the server.
  private func record(_ key: PublicKey, of tenant: Tenant, body: EnrolDevice) async throws {
    let directory = host.directory
    let isKnown = try await BlockingPool.run { try tenant.store.load([.invitation(key)])[.invitation(key)] != nil }
    guard !isKnown else { return await forget(key) }
    guard let invitation = try await BlockingPool.run({ try directory.invitation(key) }), invitation.tenant == tenant.id,
      invitation.expiresMilliseconds > host.environment.wallMilliseconds()
    else { throw EnrolmentRefusal.refused(.invitationInvalid) }
    var vouching = InvitationVouching()
    vouching.tenant = tenant.id
    vouching.inviteKey = key
    vouching.deviceKey = body.publicKey
    guard let signature = body.inviteSignature, key.isValid(signature, over: vouching.encoded(), as: .invitation) else {
      throw EnrolmentRefusal.refused(.invitationInvalid)
    }
    let name = Part.text(invitation.name, kind: .name, salt: host.environment.randomBytes(Part.saltByteCount))
    var invite = InviteMember()
    invite.member = invitation.member
    invite.roles = invitation.roles
    invite.inviteKey = key
    invite.name = name.digest
    // Two who use one invitation at once both record it; the second entry is refused, which changes nothing.
    _ = try await tenant.writer.sign(.inviteMember(invite), parts: [name]).get()
    await forget(key)
  }

  /// What is in the ledger is not needed beside it.
  private func forget(_ key: PublicKey) async {
    let directory = host.directory
    // Not to enrol a device for that would be worse than a name that stays; the next use of the invitation tries again.
    try? await BlockingPool.run { try directory.remove(invitation: key) }
  }

  /// A device that lost the answer may have signed its request anew: it is enrolled all the same.
  private static func stored(
    _ envelope: Envelope, _ body: EnrolDevice, _ tenant: Tenant
  ) async throws -> SubmissionResult.Answer {
    let entry = try await BlockingPool.run { () throws -> LedgerEntry? in
      if let inviteKey = body.inviteKey {
        guard let stored = try tenant.store.load([.invitation(inviteKey)])[.invitation(inviteKey)],
          try InvitationEntity(tolerating: stored.payload).usedBy == envelope.device
        else { return nil }
      }
      return try tenant.store.entry(device: envelope.device, lane: 1, number: 1)
    }
    guard let entry else { throw EnrolmentRefusal.refused(.alreadyEnrolled) }
    return try entry.answer(isNew: false)
  }

  private func respond(
    _ answer: SubmissionResult.Answer, _ request: EnrolRequest, _ tenant: Tenant, _ body: EnrolDevice
  ) async throws -> EnrolResponse {
    guard answer.outcome.status == .applied else { throw EnrolmentRefusal.refused(answer.outcome.code ?? .invitationInvalid) }
    let identity = host.identity
    return try await BlockingPool.run {
      guard let session = try tenant.reader.identity(of: answer.device),
        let stored = try tenant.store.load([.tenant(tenant.id)])[.tenant(tenant.id)],
        let outcomes = OutcomesFrames.make(
          [answer], tenant: tenant.id, origin: tenant.origin, key: identity.signingKey
        ).first
      else { throw EnrolmentRefusal.trouble }
      let entity = try TenantEntity(tolerating: stored.payload)
      let reading = try tenant.reader.checkpoint(scopes: [], since: 0)
      let note = Checkpoint(origin: tenant.origin, size: reading.size, root: reading.root)
        .signed(by: identity.signingKey, name: identity.name)
      var proposed: Signature?
      if entity.root == nil, session.member.roles.contains(.admin), let recoveryKey = request.recoveryKey {
        var naming = RootNaming()
        naming.tenant = tenant.id
        naming.rootKey = body.publicKey
        naming.recoveryKey = recoveryKey
        proposed = identity.signingKey.sign(naming.encoded(), as: .rootNaming)
      }
      return EnrolResponse(
        member: session.member.id, origin: tenant.origin, epoch: tenant.epoch, checkpointNote: note, outcomes: outcomes,
        root: entity.root, proposedRootSignature: proposed, tenantName: entity.name)
    }
  }
}

/// Why a device was not enrolled, as HTTP and as a problem.
struct EnrolmentRefusal: Error {
  let status: Int
  let problem: Problem

  static let unknownTenant = EnrolmentRefusal(
    status: 404,
    problem: Problem(code: "unknown_tenant", sentence: "This server has no such tenant; ask for a new invitation."))

  static let trouble = EnrolmentRefusal(
    status: 503,
    problem: Problem(
      code: "server_trouble", sentence: "The server cannot read or write its data; try again later.",
      retryAfterMilliseconds: ServerSessionLimits.retryAfterTroubleMilliseconds))

  static let oldCopy = EnrolmentRefusal(
    status: 503,
    problem: Problem(
      code: "server_trouble",
      sentence: "This server came up from an old copy of its data, and its admin must restore the "
        + "newest one; try again then.",
      retryAfterMilliseconds: ServerSessionLimits.retryAfterTroubleMilliseconds))

  static let notFirst = EnrolmentRefusal.malformed("the envelope must be number 1 of lane 1")

  static func malformed(_ what: String) -> EnrolmentRefusal {
    EnrolmentRefusal(status: 400, problem: Problem(code: "malformed", sentence: "The request is malformed: \(what)."))
  }

  static func refused(_ code: RefusalCode) -> EnrolmentRefusal {
    EnrolmentRefusal(
      status: 403,
      problem: Problem(
        code: code.name, sentence: "This device was not enrolled (\(code.name)); ask an admin for a new invitation."))
  }
}
