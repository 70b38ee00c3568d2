// The conversation with a server in which a device becomes known: what is sent, and what of the answer is believed.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import SyncProtocol
import Trust

/// One enrolment, made of fixed pieces so that it can be repeated to the byte.
struct EnrolmentExchange: Sendable {
  static let deviceNameLimit = 200

  let environment: ClientEnvironment
  let address: ServerAddress
  let tenant: TenantID
  let serverKey: PublicKey

  /// What was answered, verified.
  struct Answer: Sendable {
    var response: EnrolResponse
    var checkpoint: SeenCheckpoint
  }

  /// Makes the envelope: number 1 of lane 1, signed by the new device.
  func envelope(
    _ body: EnrolDevice, name: Part, beginning: IdentityFile.Beginning, key: SigningKey
  ) -> PushedEnvelope {
    let mutation = QueuedMutation(
      mutationID: MutationID(hex: beginning.mutation) ?? .zero, lane: 1, body: Mutation.enrolDevice(body).encoded(),
      parts: [name], clock: HybridClock(wallMilliseconds: beginning.clockMilliseconds, counter: 0),
      queuedMilliseconds: beginning.clockMilliseconds)
    let signing = EnvelopeSigning(tenant: tenant, key: key, checkpoint: SeenCheckpoint())
    return PushedEnvelope(
      envelope: signing.sign(mutation, number: 1, previousHash: .zero), parts: mutation.parts.map(\.bytes))
  }

  /// Sends the envelope and verifies what comes back.
  func run(_ envelope: PushedEnvelope, device: Digest, recoveryKey: PublicKey?) async throws(ClientError) -> Answer {
    let certificate = try await trustedCertificate()
    let request = EnrolRequest(tenant: tenant, envelope: envelope, recoveryKey: recoveryKey)
    let body = try Self.reading { try request.encoded(as: .binary) }
    let reply = try await reaching { try await environment.post(address.enrolment, body, certificate) }
    guard reply.status == 200 else { throw Self.refusal(reply) }
    let response = try Self.reading { try EnrolResponse(reply.body, as: .binary) }
    return try verified(response, envelope: envelope.envelope, device: device)
  }

  /// Whose certificate answers here: one that the pinned server key has signed for. Nil without TLS.
  private func trustedCertificate() async throws(ClientError) -> [UInt8]? {
    let reply = try await reaching { try await environment.get(address.server, nil) }
    guard reply.status == 200 else { throw Self.refusal(reply) }
    let info = try Self.reading { try ServerInfo(reply.body, as: Self.encoding(of: reply.body)) }
    let stranger = ClientError(
      .refusedByServer, "The server at \(address.base) is not the one that this invitation is from.",
      remedy: "Check the address; if it is right, ask the admin for a new invitation.")
    guard info.serverKey == serverKey else { throw stranger }
    guard address.isSecure else { return nil }
    guard let presented = reply.certificateDigest, let digest = info.certificateDigest, digest.bytes == presented,
      let signature = info.certificateSignature
    else { throw stranger }
    var statement = CertificateStatement()
    statement.serverKey = serverKey
    statement.certificateDigest = digest
    guard serverKey.isValid(signature, over: statement.encoded(), as: .certificateStatement) else { throw stranger }
    return presented
  }

  private func verified(
    _ response: EnrolResponse, envelope: SignedEnvelope, device: Digest
  ) throws(ClientError) -> Answer {
    let unproved = ClientError(
      .refusedByServer, "The server's answer does not carry the evidence that it must.", remedy: "Tell the server's admin.")
    guard let answer = response.outcomes.answers.first, response.outcomes.answers.count == 1, answer.number == 1 else {
      throw unproved
    }
    let record = try Self.reading { try LeafRecord(canonical: answer.leafRecord) }
    guard record.envelopeHash == envelope.hash else { throw unproved }
    var receipt = OutcomeReceipt()
    receipt.number = 1
    receipt.envelopeHash = record.envelopeHash
    receipt.leafHash = MerkleHash.leaf(answer.leafRecord)
    receipt.ledgerIndex = answer.ledgerIndex
    var statement = OutcomesStatement()
    statement.origin = response.origin
    statement.tenant = tenant
    statement.device = device
    statement.lane = 1
    statement.receipts = [receipt]
    let judge = CheckpointJudge(tenant: tenant, serverKey: serverKey)
    guard serverKey.isValid(response.outcomes.signature, over: statement.encoded(), as: .outcomes),
      let checkpoint = judge.open(response.checkpointNote, origin: response.origin), checkpoint.size > answer.ledgerIndex
    else { throw unproved }
    if let code = record.outcome.code, record.outcome.status != .applied { throw Self.refusal(code) }
    return Answer(response: response, checkpoint: checkpoint)
  }

  // MARK: Refusals

  static func refusal(_ code: RefusalCode) -> ClientError {
    // A code is printed before the server has heard of it.
    let isUnknown = code == .invitationInvalid
    let remedy =
      isUnknown ? "Ask an admin for a new one, or let the admin's device sync first, if it was offline." : code.remedy
    return ClientError(.refusedByServer, code.sentence, remedy: remedy, details: [code.name])
  }

  private static func refusal(_ reply: HTTPReply) -> ClientError {
    // A proxy's page is no Problem, and the status says enough.
    let problem = try? Problem(reply.body, as: encoding(of: reply.body))
    // What the rules refuse is said in their own words, with what would help.
    if reply.status == 403, let code = problem.flatMap({ RefusalCode(name: $0.code) }) { return refusal(code) }
    let sentence = problem?.sentence ?? "The server answered with status \(reply.status)."
    let isPassing = reply.status == 429 || reply.status >= 500
    return ClientError(
      isPassing ? .unreachable : .refusedByServer, sentence,
      remedy: isPassing ? "Try again later." : "Ask an admin.", details: problem.map { [$0.code] } ?? [])
  }

  /// A server answers as it was asked; who asked without saying how may get JSON.
  private static func encoding(of body: [UInt8]) -> WireEncoding { body.first == UInt8(ascii: "{") ? .json : .binary }

  private static func reading<Value>(_ body: () throws -> Value) throws(ClientError) -> Value {
    do {
      return try body()
    } catch {
      throw ClientError(
        .refusedByServer, "The server's answer cannot be read.", remedy: "Check the address, and update this program.")
    }
  }

  private func reaching(_ body: () async throws -> HTTPReply) async throws(ClientError) -> HTTPReply {
    do {
      return try await body()
    } catch is CancellationError {
      throw ClientError(.cancelled, "It was cancelled.")
    } catch {
      throw ClientError(.unreachable, "The server at \(address.base) cannot be reached: \(error)", remedy: "Try again later.")
    }
  }
}
