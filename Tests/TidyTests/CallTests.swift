// No forbidden call stands in this working tree, and each rule catches one that is planted.
import Testing

@Suite struct CallTests {
  @Test func `no forbidden call is made`() {
    expectNone(Repository.sources.flatMap(CallRules.forbiddenCalls))
  }

  @Test func `every unchecked Sendable names its guard`() {
    expectNone(Repository.sources.flatMap(CallRules.uncheckedSendable))
  }

  @Test func `every swallowed error is explained`() {
    expectNone(Repository.sources.flatMap(CallRules.unexplainedTry))
  }

  @Test func `no mark of unfinished work is left`() {
    expectNone(Repository.sources.flatMap(CallRules.unfinishedMarks))
  }

  private func source(_ path: String, _ text: String) -> SourceText { SourceText(path: path, text: text) }

  @Test(arguments: [
    ("Sources/Trust/A.swift", "let a = try! b()"),
    ("Tests/TrustTests/A.swift", "let a = b as! C"),
    ("Clients/countersign/A.swift", "fatalError(\"no\")"),
    ("Sources/Trust/A.swift", "nonisolated(unsafe) var a = 1"),
    ("Tests/EndToEndTests/A.swift", "try await Task.sleep(for: .seconds(1))"),
    ("Tests/TrustTests/A.swift", "usleep(10)"),
    ("Tests/TrustTests/A.swift", "sleep(1)"),
    ("Sources/SyncServer/A.swift", "print(entry)"),
    ("Sources/SyncServer/A.swift", "Swift.print(entry)"),
    ("Sources/ReviewModel/A.swift", "let now = Date()"),
    ("Sources/ReviewRules/A.swift", "let clock = ContinuousClock()"),
    ("Sources/SyncEngine/A.swift", "var generator = SystemRandomNumberGenerator()"),
    ("Sources/SyncEngine/A.swift", "let n = Int.random(in: 1...6)"),
    ("Sources/SyncEngine/A.swift", "mutating func run() async {}"),
    ("Sources/Trust/A.swift", "let text = \"\\(try! b())\""),
  ])
  func `a planted call is found`(path: String, text: String) {
    #expect(CallRules.forbiddenCalls(source(path, "// Purpose.\n" + text + "\n")).map(\.line) == [2])
  }

  @Test(arguments: [
    ("Sources/Trust/A.swift", "// never try! here"),
    ("Sources/Trust/A.swift", "let text = \"try! as! fatalError(\""),
    ("Sources/Trust/A.swift", "let text = #\"a \" print(\"#"),
    ("Sources/SyncServer/A.swift", "func print(_ a: Int) {}; table.print(1); fingerprint(2)"),
    ("Clients/countersign/A.swift", "print(1)"),
    ("Sources/SyncServer/A.swift", "try await Task.sleep(for: delay)"),
    ("Tests/TrustTests/A.swift", "@Test func `we print( and sleep( here`() {}"),
    ("Tests/SyncEngineTests/A.swift", "func sleep(until: Int) {}"),
    ("Sources/SyncEngine/A.swift", "let asyncName = TaskList()"),
  ])
  func `what only looks like a forbidden call is let through`(path: String, text: String) {
    expectNone(CallRules.forbiddenCalls(source(path, text + "\n")))
  }

  @Test func `an unguarded unchecked Sendable is found`() {
    let path = "Sources/Trust/A.swift"
    #expect(CallRules.uncheckedSendable(source(path, "final class A: @unchecked Sendable {}\n")).map(\.line) == [1])
    #expect(CallRules.uncheckedSendable(source(path, "// Fast.\nfinal class A: @unchecked Sendable {}\n")).map(\.line) == [2])
    expectNone(CallRules.uncheckedSendable(source(path, "// Guard: `lock`.\nfinal class A: @unchecked Sendable {}\n")))
    expectNone(CallRules.uncheckedSendable(source(path, "final class A: @unchecked Sendable {}  // guarded by the queue\n")))
  }

  @Test func `an unexplained try? is found outside tests`() {
    #expect(CallRules.unexplainedTry(source("Sources/Trust/A.swift", "\nlet a = try? b()\n")).map(\.line) == [2])
    expectNone(CallRules.unexplainedTry(source("Sources/Trust/A.swift", "// Absence is an answer.\nlet a = try? b()\n")))
    expectNone(CallRules.unexplainedTry(source("Tests/TrustTests/A.swift", "let a = try? b()\n")))
  }

  @Test func `marks of unfinished work are found in comments only`() {
    for mark in CallRules.marks {
      #expect(CallRules.unfinishedMarks(source("A.swift", "let a = 1  // \(mark): later\n")).map(\.line) == [1])
      #expect(CallRules.unfinishedMarks(source("A.swift", "/* a\n \(mark) */\n")).map(\.line) == [2])
      expectNone(CallRules.unfinishedMarks(source("A.swift", "let a = \"\(mark)\"\n")))
    }
  }
}
