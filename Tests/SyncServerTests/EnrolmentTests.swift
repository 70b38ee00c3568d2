// POST /v1/enrol: idempotent, bounded, and nothing for strangers.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Testing
import Trust

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct EnrolmentTests {
  @Test func `the same request again gets the same answer`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let recovery = SigningKey.generate().publicKey
    var device = try TestDevice(tenant: tenant.id)
    let request = try device.enrolment(try bench.invite(tenant, [.admin]), recoveryKey: recovery)
    let first = await bench.post(request)
    let second = await bench.post(request)
    #expect(first.status == 200)
    let response = try EnrolResponse(first.body, as: .binary)
    let again = try EnrolResponse(second.body, as: .binary)
    #expect(response == again && response.tenantName == "North")
    let checkpoint = try Checkpoint.open(
      response.checkpointNote, name: bench.identity.name, key: bench.identity.signingKey.publicKey)
    #expect(checkpoint.origin == response.origin && checkpoint.size == 3)
    #expect(response.outcomes.answers.map(\.ledgerIndex) == [2])
    var naming = RootNaming()
    naming.tenant = tenant.id
    naming.rootKey = device.key.publicKey
    naming.recoveryKey = recovery
    let proposed = try #require(response.proposedRootSignature)
    #expect(bench.identity.signingKey.publicKey.isValid(proposed, over: naming.encoded(), as: .rootNaming))
  }

  @Test func `a lost answer is given again to a request that was signed anew`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let code = try bench.invite(tenant, [.reviewer])
    var device = try TestDevice(tenant: tenant.id)
    var forgetful = device
    let first = await bench.post(try device.enrolment(code))
    let second = await bench.post(try forgetful.enrolment(code))
    #expect(first.status == 200 && second.status == 200)
    let response = try EnrolResponse(first.body, as: .binary)
    let again = try EnrolResponse(second.body, as: .binary)
    #expect(response.outcomes == again.outcomes && response.member == again.member)
  }

  @Test func `an invitation is good for one device`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let code = try bench.invite(tenant, [.reviewer])
    var device = try TestDevice(tenant: tenant.id)
    var other = try TestDevice(tenant: tenant.id)
    #expect(await bench.post(try device.enrolment(code)).status == 200)
    let answer = await bench.post(try other.enrolment(code))
    #expect(answer.status == 403)
    #expect(try Problem(answer.body, as: .binary).code == "invitation_used")
  }

  @Test func `a further device of a member is enrolled as that member`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    let first = try await bench.enrol(tenant, [.reviewer])
    let store = try #require(bench.shelf[tenant.id])
    let member = try TenantMembers.named("Somebody", among: TenantMembers.all(in: store))
    #expect(member.id == first.member && member.roles == [.reviewer])
    let code = try bench.administration.invite(to: tenant, deviceOf: member, url: "wss://127.0.0.1:1")
    var second = try TestDevice(tenant: tenant.id)
    let answer = await bench.post(try second.enrolment(code))
    #expect(answer.status == 200)
    #expect(try EnrolResponse(answer.body, as: .binary).member == first.member)
    let after = try TenantMembers.all(in: try #require(bench.shelf[tenant.id]))
    #expect(after.map(\.id) == [first.member] && after.first?.roles == [.reviewer] && after.first?.name == "Somebody")
  }

  @Test func `who is meant by a name is one member who was not removed`() throws {
    func member(_ name: String, isRemoved: Bool = false) throws -> MemberEntity {
      var member = MemberEntity()
      member.id = try TestDevice.identifier()
      member.name = name
      member.isRemoved = isRemoved
      return member
    }
    let members = [
      try member("Rita"), try member("Rita", isRemoved: true), try member("Rolf"), try member("Rolf"),
      try member("Emil", isRemoved: true),
    ]
    #expect(try TenantMembers.named("Rita", among: members) == members[0])
    #expect(try TenantMembers.named(members[3].id.hex, among: members) == members[3])
    #expect(try TenantMembers.named("Emil", among: members, orRemoved: true) == members[4])
    let several = #expect(throws: AdministrationError.self) { try TenantMembers.named("Rolf", among: members) }
    #expect(several?.code == .severalMembers)
    #expect(several?.sentence.contains(members[2].id.hex) == true && several?.sentence.contains(members[3].id.hex) == true)
    for absent in ["Nobody", "Emil", members[1].id.hex] {
      #expect(throws: AdministrationError(.noMember, "")) { try TenantMembers.named(absent, among: members) }
    }
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    #expect(throws: AdministrationError(.noMember, "")) {
      try bench.administration.invite(to: tenant, deviceOf: members[4], url: "wss://127.0.0.1:1")
    }
  }

  @Test func `an unknown, an expired and another tenant's invitation are refused and leave no trace`() async throws {
    let bench = try ServerBench()
    let north = try bench.makeTenant("North")
    let south = try bench.makeTenant("South")
    var unknown = try bench.invite(north, [.admin])
    unknown.seed = SigningKey.generate().seed
    var foreign = try bench.invite(south, [.admin])
    foreign.tenant = north.id
    let expired = try bench.invite(north, [.admin])
    for code in [unknown, foreign] {
      var device = try TestDevice(tenant: north.id)
      #expect(await bench.post(try device.enrolment(code)).status == 403)
    }
    bench.clock.advance(TenantAdministration.invitationLifetimeMilliseconds + 1)
    var late = try TestDevice(tenant: north.id)
    #expect(await bench.post(try late.enrolment(expired)).status == 403)
    #expect(try bench.shelf[north.id]?.state().ledgerSize == 1)
  }

  @Test func `what is no request is malformed, and an unknown tenant is none`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    #expect(await bench.post([1, 2, 3]).status == 400)
    var device = try TestDevice(tenant: tenant.id)
    var request = try device.enrolment(try bench.invite(tenant, [.admin]))
    request.envelope.envelope = SignedEnvelope(
      bytes: request.envelope.envelope.bytes, signature: SigningKey.generate().sign([1]))
    #expect(await bench.post(request).status == 400)
    request.tenant = try TestDevice.identifier()
    #expect(await bench.post(request).status == 404)
  }

  @Test func `only the first envelope of a device is taken, so that a revoked one cannot fill the ledger`() async throws {
    let bench = try ServerBench()
    let tenant = try bench.makeTenant("North")
    var admin = try await bench.enrol(tenant, [.admin])
    let code = try bench.invite(tenant, [.reviewer])
    var device = try TestDevice(tenant: tenant.id)
    #expect(await bench.post(try device.enrolment(code)).status == 200)
    let (writing, _) = try await bench.session(admin)
    try await writing.push([try admin.revoke(device.id)])
    _ = try await writing.outcomes()
    await writing.close()
    let size = try bench.shelf[tenant.id]?.state().ledgerSize
    for _ in 0..<3 {
      let answer = await bench.post(try device.enrolment(code))
      #expect(answer.status == 400)
      #expect(try Problem(answer.body, as: .binary).sentence.contains("number 1 of lane 1"))
    }
    #expect(try bench.shelf[tenant.id]?.state().ledgerSize == size)
  }

  @Test func `an address that asks too often waits`() async throws {
    let limit = RateLimit(capacity: 2, tokensASecond: 1)
    #expect(limit.wait(for: "a", nowMilliseconds: 0) == nil)
    #expect(limit.wait(for: "a", nowMilliseconds: 0) == nil)
    let wait = try #require(limit.wait(for: "a", nowMilliseconds: 0))
    #expect(wait > 0)
    #expect(limit.wait(for: "b", nowMilliseconds: 0) == nil)
    #expect(limit.wait(for: "a", nowMilliseconds: wait) == nil)
  }

  @Test func `whoever has many addresses has no limit forgotten`() throws {
    let limit = RateLimit(capacity: 2, tokensASecond: 1, addressLimit: 3)
    // One empty bucket, two that lack a token.
    for address in ["a", "a", "b", "c"] { #expect(limit.wait(for: address, nowMilliseconds: 0) == nil) }
    for address in ["d", "e", "d"] { #expect(limit.wait(for: address, nowMilliseconds: 0) == 1_000) }
    #expect(limit.wait(for: "a", nowMilliseconds: 0) != nil, "an empty bucket stays so")
    #expect(limit.wait(for: "b", nowMilliseconds: 0) == nil, "and who is known goes on")
    #expect(limit.wait(for: "d", nowMilliseconds: 400) == 600)
    // "c" is full again and makes room for one.
    #expect(limit.wait(for: "d", nowMilliseconds: 1_000) == nil)
    #expect(limit.wait(for: "e", nowMilliseconds: 1_000) == 1_000)
    #expect(limit.wait(for: "b", nowMilliseconds: 1_000) == nil)
    #expect(limit.wait(for: "b", nowMilliseconds: 1_000) != nil)
  }

  @Test func `the other addresses answer`() async throws {
    let bench = try ServerBench()
    func get(_ path: String) async -> EdgeAnswer {
      await bench.edge.answer(EdgeRequest(method: "GET", path: path, contentType: "", body: [], peer: "127.0.0.1"))
    }
    #expect(await get("/healthz").status == 200)
    #expect(await get("/readyz").status == 200)
    bench.registry.stop()
    #expect(await get("/readyz").status == 503)
    let info = try ServerInfo(await get("/v1/server").body, as: .json)
    #expect(info.serverKey == bench.identity.signingKey.publicKey && info.certificateDigest == nil)
    _ = try await bench.enrol(try bench.makeTenant("North"), [.admin])
    let metrics = String(decoding: await get("/metrics").body, as: UTF8.self)
    #expect(metrics.contains("countersign_enrolments_total 1\n") && metrics.contains("countersign_commit_entries_count 2\n"))
  }

  @Test func `metrics are told on this machine only, probes to everybody`() async throws {
    let edge = try ServerBench().edge
    func status(_ path: String, from peer: String, method: String = "GET", isForwarded: Bool = false) async -> Int {
      let request = EdgeRequest(
        method: method, path: path, contentType: "", body: [], peer: peer, isForwarded: isForwarded)
      return await edge.answer(request).status
    }
    for peer in ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"] {
      #expect(await status("/metrics", from: peer) == 200)
      #expect(await status("/metrics", from: peer, method: "POST") == 405)
      #expect(await status("/metrics", from: peer, isForwarded: true) == 404, "a proxy asks for somebody else")
    }
    for peer in ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "127.0.0.1.example", "unknown", ""] {
      for method in ["GET", "POST"] { #expect(await status("/metrics", from: peer, method: method) == 404) }
      #expect(await status("/healthz", from: peer) == 200)
      #expect(await status("/readyz", from: peer) == 200)
    }
  }

  @Test func `whatever is refused carries a problem, in the encoding that the request speaks`() async throws {
    let edge = try ServerBench().edge
    func expect(
      _ answer: EdgeAnswer, _ status: Int, _ code: String, as encoding: WireEncoding,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      #expect(answer.status == status && answer.contentType == encoding.mediaType, sourceLocation: sourceLocation)
      let problem = try Problem(answer.body, as: encoding)
      #expect(problem.code == code && !problem.sentence.isEmpty, sourceLocation: sourceLocation)
    }
    for (type, here, elsewhere) in [("", WireEncoding.binary, WireEncoding.json), ("application/json", .json, .json)] {
      func request(_ method: String, _ path: String) -> EdgeRequest {
        EdgeRequest(method: method, path: path, contentType: type, body: [], peer: "test")
      }
      let enrol = await edge.answer(request("GET", "/v1/enrol"))
      try expect(enrol, 405, "method_not_allowed", as: here)
      #expect(enrol.headers["allow"] == "POST")
      let server = await edge.answer(request("DELETE", "/v1/server"))
      try expect(server, 405, "method_not_allowed", as: elsewhere)
      #expect(server.headers["allow"] == "GET")
      try expect(await edge.answer(request("GET", "/elsewhere")), 404, "not_found", as: elsewhere)
      for (fault, code) in [
        (EdgeFault.noSubprotocol, "no_subprotocol"), (.noLength, "length_required"), (.badLength, "malformed"),
        (.longBody, "too_large"),
      ] {
        let answer = HTTPEdge.answer(to: request("POST", "/v1/enrol"), status: 400, refusedFor: fault)
        try expect(answer, 400, code, as: here)
      }
    }
  }
}
