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
    case ("POST", "/v1/enrol"): return await enrolment.answer(request)
    case ("GET", "/v1/server"): return serverInfo(request)
    case ("GET", "/healthz"): return .text(200, "ok\n")
    case ("GET", "/readyz"): return await readiness()
    case ("GET", "/metrics"): return await metrics()
    case (_, "/v1/enrol"), (_, "/v1/server"), (_, "/healthz"), (_, "/readyz"), (_, "/metrics"):
      return .text(405, "This address does not take this method.\n")
    default: return .text(404, "There is nothing here.\n")
    }
  }

  /// What is answered, without its handler, to a request whose body is longer than any may be.
  package static func answerToLongBody(contentType: String) -> EdgeAnswer {
    let problem = Problem(
      code: "too_large",
      sentence: "The body has more than \(WireLimits.frameBytes) bytes, in JSON \(WireLimits.jsonFrameBytes); send less.")
    return .problem(413, problem, as: WireEncoding(mediaType: contentType) ?? .binary)
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
      return .text(500, "\(error.sentence)\n")
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
