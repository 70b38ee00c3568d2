// The HTTP half of the port: who the server is, how it is, and enrolment.
import ReviewModel
import Storage
import SyncProtocol
import Trust

package struct HTTPEdge: Sendable {
  private let host: TenantHost
  private let registry: SessionRegistry
  private let enrolment: EnrolmentService
  private let tlsCertificateDigest: Digest?
  private let version: String

  package init(host: TenantHost, registry: SessionRegistry, tlsCertificateDigest: Digest?, version: String) {
    self.host = host
    self.registry = registry
    self.tlsCertificateDigest = tlsCertificateDigest
    self.version = version
    enrolment = EnrolmentService(host: host)
  }

  package func answer(_ request: EdgeRequest) async -> EdgeAnswer {
    switch (request.method, request.path) {
    // Ids and sizes of tenants are the operator's business: for everybody else there is nothing at this address.
    case (_, "/metrics") where !request.isFromThisMachine: return Self.notFound(request)
    case ("POST", "/v1/enrol"): return await enrolment.answer(request)
    case ("GET", "/v1/server"): return serverInfo(request)
    case ("GET", "/healthz"): return .text(200, "ok\n")
    case ("GET", "/readyz"): return await readiness()
    case ("GET", "/metrics"): return await metrics()
    case (_, "/v1/enrol"): return Self.wrongMethod(request, allowed: "POST")
    case (_, "/v1/server"), (_, "/healthz"), (_, "/readyz"), (_, "/metrics"):
      return Self.wrongMethod(request, allowed: "GET")
    default: return Self.notFound(request)
    }
  }

  private static func notFound(_ request: EdgeRequest) -> EdgeAnswer {
    let problem = Problem(code: "not_found", sentence: "There is nothing at this address; see SyncProtocol/README.md.")
    return .problem(404, problem, as: encoding(of: request))
  }

  private static func wrongMethod(_ request: EdgeRequest, allowed: String) -> EdgeAnswer {
    let problem = Problem(code: "method_not_allowed", sentence: "This address takes \(allowed) only.")
    var answer = EdgeAnswer.problem(405, problem, as: encoding(of: request))
    answer.headers["allow"] = allowed
    return answer
  }

  /// As the request's Content-Type says; without one enrolment speaks protobuf and everything else JSON.
  private static func encoding(of request: EdgeRequest) -> WireEncoding {
    WireEncoding(mediaType: request.contentType) ?? (request.path == "/v1/enrol" ? .binary : .json)
  }

  /// What is answered to a request that no handler sees, because of how it is made.
  package static func answer(to request: EdgeRequest, status: Int, refusedFor fault: EdgeFault) -> EdgeAnswer {
    .problem(status, fault.problem, as: encoding(of: request))
  }

  private func serverInfo(_ request: EdgeRequest) -> EdgeAnswer {
    let encoding = WireEncoding(mediaType: request.contentType) ?? .json
    let key = host.identity.signingKey
    let signature = tlsCertificateDigest.map { digest in
      var statement = CertificateStatement()
      statement.serverKey = key.publicKey
      statement.certificateDigest = digest
      return key.sign(statement.encoded(), as: .certificateStatement)
    }
    let info = ServerInfo(
      serverKey: key.publicKey, certificateDigest: tlsCertificateDigest, certificateSignature: signature, version: version)
    do {
      return EdgeAnswer(status: 200, contentType: encoding.mediaType, body: try info.encoded(as: encoding))
    } catch {
      return .problem(500, Problem(code: "server_trouble", sentence: error.sentence), as: encoding)
    }
  }

  private func readiness() async -> EdgeAnswer {
    if registry.isStopping { return .text(503, "The server stops.\n") }
    let directory = host.directory
    do {
      _ = try await BlockingPool.run { try directory.setting("ready") }
      return .text(200, "ready\n")
    } catch {
      return .text(503, "The server cannot read its data.\n")
    }
  }

  private func metrics() async -> EdgeAnswer {
    let tenants = host.openTenants
    let metrics = host.metrics
    do {
      let text = try await BlockingPool.run { () throws -> String in
        var heads: [TenantID: UInt64] = [:]
        for tenant in tenants { heads[tenant.id] = try tenant.store.state().ledgerSize }
        return metrics.text(heads: heads)
      }
      return EdgeAnswer(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    } catch {
      return .text(200, metrics.text(heads: [:]))
    }
  }
}

/// Why a request never reached a handler.
package enum EdgeFault: Sendable, CaseIterable {
  case noSubprotocol
  case noLength
  case badLength
  case longBody

  var problem: Problem {
    switch self {
    case .noSubprotocol:
      Problem(
        code: "no_subprotocol", sentence: "Offer the WebSocket subprotocol countersign.v1 or countersign.v1+json.")
    case .noLength: Problem(code: "length_required", sentence: "Send the body's length in Content-Length, and no chunks.")
    case .badLength: Problem(code: "malformed", sentence: "The Content-Length is not a number of bytes.")
    case .longBody:
      Problem(
        code: "too_large",
        sentence: "The body has more than \(WireLimits.frameBytes) bytes, in JSON \(WireLimits.jsonFrameBytes); send less.")
    }
  }
}
