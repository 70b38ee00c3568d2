// The judges of torture and storm find what they are there for, or a play that they pass would prove nothing.
import Foundation
import Testing

@testable import ProcessHarness
@testable import TortureKit

@Suite struct CommandJudgeTests {
  private let scratch: Scratch
  private let log: TortureLog

  init() throws {
    scratch = try Scratch()
    log = try TortureLog(path: scratch.path + "/log", isLoud: false)
  }

  private func isFound(
    exit: Int32 = 0, signal: Int32? = nil, errors: String = "", killed: Bool = false, isPlainText: Bool = false
  ) -> Bool {
    let before = log.findings.count
    let finished = Finished(exitCode: signal ?? exit, wasKilled: signal != nil, output: "", errors: errors)
    CommandJudge(log: log, isPlainText: isPlainText).judge(finished, "a command", killed: killed)
    return log.findings.count > before
  }

  @Test func `an end that is documented is right, and any other is found`() {
    for code in CommandJudge.documented { #expect(!isFound(exit: code), "\(code)") }
    for code in [1, 2, 3, 5, 64, 78, 130] as [Int32] { #expect(isFound(exit: code), "\(code)") }
    #expect(isFound(exit: 4), "over TLS nobody else can have answered")
    #expect(!isFound(exit: 4, isPlainText: true))
  }

  @Test func `a signal is right only if it was sent, and killed is killed`() {
    for signal in [SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGPIPE, SIGKILL] { #expect(isFound(signal: signal), "\(signal)") }
    #expect(!isFound(signal: SIGKILL, killed: true))
    #expect(isFound(signal: SIGSEGV, killed: true), "it crashed before it could be killed")
    #expect(!isFound(exit: 3, killed: true), "how far it came is open")
  }

  @Test func `what speaks of a crash is found, however it ended`() {
    #expect(isFound(errors: "countersign/Page.swift:3: Fatal error: Index out of range"))
    #expect(isFound(signal: SIGKILL, errors: "AddressSanitizer: heap-use-after-free", killed: true))
    #expect(!isFound(errors: "NOT IN FORCE until the server has answered"))
  }
}

@Suite(.serialized) struct PlayChecksTests {
  @Test func `a file that is damaged is found, and its sound neighbours are not`() async throws {
    let scratch = try Scratch()
    let data = try await Practice.newServer(in: scratch)
    let made = try await Program.countersignd.run(["tenant", "create", "North", "--data", data], scratch: scratch)
    #expect(made.exitCode == 0, "\(made.errors)")
    #expect(StoreCheck.findings(in: data) == [])
    let names = try FileManager.default.subpathsOfDirectory(atPath: data).filter { $0.hasSuffix(".sqlite") }
    #expect(names.count > 1)
    let victim = try #require(names.first { $0.hasPrefix("tenants/") })
    var bytes = try Data(contentsOf: URL(fileURLWithPath: data + "/" + victim))
    // Behind the head of the file, so that SQLite opens it.
    bytes.replaceSubrange(4_096..<8_192, with: Data(repeating: 0xA5, count: 4_096))
    try bytes.write(to: URL(fileURLWithPath: data + "/" + victim))
    let findings = StoreCheck.findings(in: data)
    #expect(findings.count == 1 && findings.first?.hasPrefix(victim) == true, "\(findings)")
  }

  @Test func `what was lost of a ledger is found by what devices were told, and a change without an outcome`() async throws {
    let practice = try await Practice()
    let tenants = practice.data + "/tenants"
    let old = try practice.scratch.folder("old")
    let edda = try await practice.enrol("Edda", role: "editor")
    _ = try await practice.stopServer()
    try TenantFiles.copy(practice.tenant, from: tenants, to: old)
    try await practice.serve()
    let acknowledged = Acknowledged()
    let file = try Batch.write(posts: 4, in: practice.scratch)
    acknowledged.note(try await edda.json(["import", file, "--submit", "--wait"]), by: edda)
    _ = try await edda.json(["sync"])
    #expect(acknowledged.count > 0)
    #expect(try await acknowledged.findings(of: edda) == [])
    acknowledged.note(.object(["mutations": .array([.text("of which nobody has heard")])]), by: edda)
    #expect(try await acknowledged.findings(of: edda).count == 1)
    _ = try await practice.stopServer()

    var sound = LedgerCheck(data: practice.data)
    sound.compare(home: edda.home, of: edda.name)
    #expect(sound.findings == [])
    try TenantFiles.copy(practice.tenant, from: old, to: tenants)
    var rolledBack = LedgerCheck(data: practice.data)
    #expect(rolledBack.findings == [], "by itself it is whole")
    rolledBack.compare(home: edda.home, of: edda.name)
    for words in ["was told another outcome", "with another root"] {
      #expect(rolledBack.findings.contains { $0.contains(words) }, "\(words): \(rolledBack.findings)")
    }
    #expect(LedgerCheck(data: old).findings == ["the server's folder has 0 tenants"])
    rolledBack.compare(home: old, of: "nobody")
    #expect(rolledBack.findings.last == "nobody: has no outbox")
  }
}
