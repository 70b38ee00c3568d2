// One real server for a suite of attacks, and a reviewer who keeps the rules and must notice none of them.
import OutboundHTTP
import ProcessHarness
import Testing

/// A server under attack. At the end it must be the same process, stop cleanly and hold an unbroken ledger.
final class HostileGround: Sendable {
  @TaskLocal private static var shared: HostileGround?

  let practice: Practice
  let process: Int32
  private let bystander: Laptop

  init(isPlainText: Bool = false, serveArguments: [String] = []) async throws {
    practice = try await Practice(isPlainText: isPlainText, serveArguments: serveArguments)
    bystander = try await practice.enrol("Rosa", role: "reviewer")
    guard let process = practice.serverProcess else { throw HarnessError("no server is running") }
    self.process = process
  }

  /// The ground of the running suite.
  static func current() throws -> HostileGround {
    guard let shared else { throw HarnessError("the suite needs the trait .underAttack") }
    return shared
  }

  /// Runs an attack while the bystander syncs.
  @discardableResult
  func undisturbed<Result: Sendable>(
    sourceLocation: SourceLocation = #_sourceLocation, by attack: () async throws -> Result
  ) async throws -> Result {
    async let calm: Void = bystanderSyncs(sourceLocation: sourceLocation)
    let result = try await attack()
    try await calm
    return result
  }

  func bystanderSyncs(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let finished = try await bystander.run(["sync", "--json"])
    #expect(finished.exitCode == 0, "the bystander noticed: \(finished.errors)", sourceLocation: sourceLocation)
    let report = try finished.json()
    #expect(report["unsent"]?.int == 0, sourceLocation: sourceLocation)
    #expect(report["digest"]?.string == "match", sourceLocation: sourceLocation)
  }

  // MARK: HTTP

  func http(
    _ method: String, _ path: String, contentType: String? = nil, body: [UInt8]? = nil
  ) async throws -> HTTPClientResponse {
    // ws becomes http, wss becomes https.
    let url = "http" + practice.url.dropFirst(2) + path
    let headers = contentType.map { ["Content-Type": $0] } ?? [:]
    return try await HTTPClient().send(
      HTTPClientRequest(method: method, url: url, headers: headers, body: body, verification: .reportCertificate))
  }

  /// The port that the server listens on.
  func port() throws -> UInt16 {
    guard let port = practice.url.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw HarnessError("no port in \(practice.url)")
    }
    return port
  }

  // MARK: The end

  fileprivate static func with(isPlainText: Bool, serveArguments: [String], _ body: () async throws -> Void) async throws {
    let ground = try await HostileGround(isPlainText: isPlainText, serveArguments: serveArguments)
    try await $shared.withValue(ground) { try await body() }
    try await ground.check()
  }

  /// Nothing of what was done has harmed the server.
  func check() async throws {
    #expect(practice.serverProcess == process)
    let stopped = try await practice.stopServer()
    #expect(stopped.exitCode == 0 && !stopped.wasKilled, "\(stopped.errors)")
    #expect(!stopped.errors.contains("error"), "\(stopped.errors)")
    let verified = try await practice.verify()
    #expect(verified.exitCode == 0, "\(verified.output) \(verified.errors)")
  }
}

/// Gives a suite one server for all its tests.
struct ServerUnderAttack: SuiteTrait, TestScoping {
  let isPlainText: Bool
  var serveArguments: [String] = []

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await HostileGround.with(isPlainText: isPlainText, serveArguments: serveArguments) { try await function() }
  }
}

extension Trait where Self == ServerUnderAttack {
  static var underAttack: ServerUnderAttack { ServerUnderAttack(isPlainText: false) }
  static var underAttackInPlainText: ServerUnderAttack { ServerUnderAttack(isPlainText: true) }
  /// A deadline for readers that a test can wait for.
  static var underAttackWithLittlePatience: ServerUnderAttack {
    ServerUnderAttack(isPlainText: true, serveArguments: ["--slow-reader-seconds", "2"])
  }
}
