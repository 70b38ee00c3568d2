// What `import --check` answers, and how much of a text `log` shows.
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct ImportAndLogTests {
  @Test func `looking for faults answers in JSON where JSON was asked for`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/b.json"
    let json = #"{"campaign":"A","items":[{"theme":"T","posts":[{"platform":"x","text":"Hi"}]}]}"#
    try FileBytes.write(path, Array(json.utf8))
    let shell = Shell.sample()
    #expect(await Program.run(["import", path, "--check", "--fields", "items,posts,status"], in: shell) == 0)
    #expect(shell.output.kept.filter { !$0.isWhitespace } == #"{"items":1,"posts":1,"status":"checked"}"#)
    #expect(shell.errors.kept.isEmpty)
  }

  @Test func `what was refused of an import says what helps, and has no empty code`() {
    let report = ImportReport(batch: "b", campaign: "c", isNewCampaign: false, items: 1, posts: 1, mutations: ["m"])
    func answer(_ status: String, _ code: String, remedy: String) -> ImportAnswer {
      var result = ChangeResult(post: "", revision: "", status: status, code: code, reason: "No.", exit: 8)
      result.remedy = remedy
      return ImportAnswer(report, delivery: Delivery(sync: "synced", answered: [result], isComplete: true), isWaiting: false)
    }
    let refused = answer("rejected", "not_permitted", remedy: "Ask an admin.")
    #expect(refused.words == "REJECTED (not_permitted): No." && refused.exit == 8)
    #expect(refused.helps(width: 80) == ["  What helps: Ask an admin."])
    #expect(answer("damaged", "", remedy: "").words == "DAMAGED: No.")
    #expect(answer("damaged", "", remedy: "").helps(width: 80).isEmpty)
  }

  @Test func `a text that is cut ends in an ellipsis, and reasons are whole`() {
    func entry(_ action: String) -> HistoryEntry {
      HistoryEntry(
        at: "", member: "Rita", action: action, detail: String(repeating: "a", count: 200), revision: nil, ledgerIndex: nil,
        evidence: "proved")
    }
    #expect(LogCommand.detail(of: entry("revised")) == String(repeating: "a", count: 79) + "…")
    #expect(LogCommand.detail(of: entry("reject")) == String(repeating: "a", count: 200))
  }
}
