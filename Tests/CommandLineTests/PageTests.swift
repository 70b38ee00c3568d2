// Pages and lists as they are printed.
import Synchronization
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct PageTests {
  private let plain = Palette(isEnabled: false)
  private let narrow = Shell.sample(terminal: Terminal(columns: 60))

  @Test func `a post's page holds the text, its limits, decisions, talk and what to type`() {
    let shell = Shell.sample(variables: ["COLUMNS": "60"], terminal: Terminal(columns: 60))
    let lines = SubjectPage(shell: shell).lines(.sample())
    let text = lines.joined(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 60 })
    #expect(text.contains("waits for you"))
    #expect(text.contains("Spring › Hay fever"))
    #expect(text.contains("  Wash your hands‹U+202E› before you cook."))
    #expect(text.contains("#hands"))
    #expect(text.contains("40 of 300 characters"))
    #expect(!text.contains("arm "))
    #expect(text.contains("Approvals: 0 of 1"))
    #expect(text.contains("“Too long.”"))
    #expect(text.contains("Thread 77777777"))
    let decisions = ["approve", "request-changes", "reject"].map { "  countersign \($0) aaaaaaaa@bbbbbbbbbbbbbbbb" }
    #expect(lines.suffix(5) == decisions + ["To say something about it:", "  countersign comment aaaaaaaa"])
  }

  @Test func `the arm of an experiment, and size and digest of a medium are said`() {
    var detail = SubjectDetail.sample()
    detail.arm = "b\u{202E}"
    detail.heads[0].media[0].digest = "0123456789abcdef" + String(repeating: "f", count: 48)
    let text = SubjectPage(shell: Shell.sample()).lines(detail).joined(separator: "\n")
    #expect(text.contains("bluesky · de · arm b‹U+202E›"))
    let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("[image/jpeg] a.jpg · 24 kB · SHA-256 0123456789abcdef · not uploaded yet"))
  }

  @Test func `an erased revision and several heads are said so`() {
    var detail = SubjectDetail.sample()
    detail.heads.append(detail.heads[0])
    detail.heads[1].isErased = true
    let text = SubjectPage(shell: Shell.sample()).lines(detail).joined(separator: "\n")
    #expect(text.contains("Version 1 of 2"))
    #expect(text.contains("was erased"))
    #expect(text.contains("countersign merge aaaaaaaa"))
    #expect(!text.contains("countersign approve"))
  }

  @Test(arguments: ["damaged", "not_held"])
  func `a text that cannot be believed is neither printed nor offered to be approved`(_ problem: String) {
    var detail = SubjectDetail.sample()
    detail.heads[0].problem = problem
    detail.summary.problem = problem
    let shell = Shell.sample()
    let text = SubjectPage(shell: shell).lines(detail).joined(separator: "\n")
    #expect(!text.contains("Wash") && !text.contains("countersign approve"))
    #expect(text.contains("What helps: ") && text.contains("Revision bbbbbbbbbbbbbbbb"))
    let line = SubjectTable.lines([detail.summary], in: shell, now: shell.now())[0]
    #expect(!line.contains("Wash") && !line.contains("in review"))
    #expect(line.contains(ShortForm.words(problem)) && line.hasSuffix(")"))
  }

  @Test func `a list fits into 60 columns and marks what is pending`() {
    let shell = Shell.sample(variables: ["COLUMNS": "60"], terminal: Terminal(columns: 60))
    var summary = SubjectDetail.sample().summary
    summary.isPending = true
    let lines = SubjectTable.lines([summary], in: shell, now: shell.now())
    #expect(lines.count == 1)
    #expect(lines[0].hasPrefix("aaaaaaaa  bluesky  in review *  "))
    #expect(DisplayWidth.of(lines[0]) <= 60)
    #expect(SubjectTable.states([summary, summary]) == "2 in review")
  }

  @Test func `differences stand between marks, spaces outside of them`() {
    let diff = RevisionDiff(
      post: String(repeating: "a", count: 32), from: String(repeating: "b", count: 64), to: String(repeating: "c", count: 64),
      fields: [
        RevisionDiff.Field(
          name: "text",
          segments: [
            DiffSegment(kind: "same", text: "Wash your"), DiffSegment(kind: "removed", text: " hands "),
            DiffSegment(kind: "added", text: " face\u{1B} "), DiffSegment(kind: "same", text: "now."),
          ])
      ])
    let lines = DiffPage.lines(diff, width: 60, palette: plain)
    #expect(lines == ["aaaaaaaa  bbbbbbbbbbbbbbbb → cccccccccccccccc", "text", "  Wash your [-hands-] {+face‹U+001B›+} now."])
    #expect(
      DiffPage.lines(diff, width: 60, palette: Palette(isEnabled: true)).last?.contains("\u{1B}[31m[-hands-]\u{1B}[0m") == true)
  }

  @Test func `of a conflicted post each version is compared`() {
    func diff(_ to: String, others: [RevisionDiff] = []) -> RevisionDiff {
      RevisionDiff(post: "aaaaaaaa", from: "b", to: to, fields: [], others: others)
    }
    let lines = DiffPage.lines(diff("c", others: [diff("d")]), width: 80, palette: plain)
    #expect(lines.first == "2 versions stand side by side; an editor must merge them.")
    #expect(lines.contains("aaaaaaaa  b → c") && lines.contains("aaaaaaaa  b → d"))
  }

  @Test func `the line below lists says how old they are`() {
    var status = StatusReport.sample()
    let now = Instant(milliseconds: 1_772_600_767_000)
    #expect(Freshness.line(status, now: now) == "synced 2 h ago · 4 waiting to send")
    status.lastSyncedAt = ""
    status.unsent = 0
    status.refusedUnseen = 1
    #expect(Freshness.line(status, now: now) == "never synced · 1 refused")
  }

  @Test func `status is one screen of 60 columns`() {
    let lines = StatusCommand.lines(.sample(), in: narrow)
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 60 })
    #expect(lines.count <= 24)
    #expect(lines.contains { $0.hasPrefix("clock") && $0.contains("5 s ahead of") })
  }

  @Test func `status tells the last failed try, and when the next one comes`() {
    var status = StatusReport.sample()
    status.connection = "failing"
    status.failedTryAt = "2026-03-04T05:03:07Z"
    status.failedTryReason = "The server at https://a cannot be reached."
    func words(_ status: StatusReport) -> String {
      StatusCommand.lines(status, in: .sample()).joined(separator: " ").split(separator: " ").joined(separator: " ")
    }
    var text = words(status)
    #expect(text.contains("connection failing, last synced 2 h ago"))
    #expect(text.contains("failed 3 min ago: The server at https://a cannot be reached; nothing tries again by itself"))
    status.nextTryAt = "2026-03-04T05:06:47Z"
    text = words(status)
    #expect(text.contains("cannot be reached; next try in 40 s"))
    let now = Instant(milliseconds: 1_772_600_767_000)
    #expect(Freshness.line(status, now: now) == "synced 2 h ago · 4 waiting to send · last try failed 3 min ago")
  }

  @Test func `a refusal tells the person's own words and what helps`() {
    var outcome = OutcomeReport(
      mutation: "m", status: "rejected", code: "stale_revision", reason: "The text changed.", remedy: "Look again.",
      post: String(repeating: "a", count: 32),
      original: OutcomeReport.Original(
        kind: "decide", verdict: "approve", revision: String(repeating: "b", count: 64), words: "Good."),
      current: "c", diff: nil, at: "2026-03-04T05:06:07Z", ledgerIndex: 7, evidence: "proved")
    let text = OutcomesCommand.lines(outcome, now: Instant(milliseconds: 1_772_600_767_000), palette: plain, width: 60)
      .joined(separator: "\n")
    #expect(text.hasPrefix("REJECTED  approve  aaaaaaaa@bbbbbbbbbbbbbbbb  just now · ledger 7, proved"))
    #expect(text.contains("stale_revision"))
    #expect(text.contains("What helps: Look again."))
    #expect(text.contains("“Good.”") && !text.contains("Now: "))
    outcome.currentState = "erased"
    let erased = OutcomesCommand.lines(outcome, now: Instant(milliseconds: 1_772_600_767_000), palette: plain, width: 60)
    #expect(erased.contains("  Now: the words of the post were erased."))
  }

  @Test func `progress has phase, rows, rate and what is left`() {
    let progress = SyncProgress(
      phase: "receiving", rowsReceived: 1_000, rowsRemaining: 3_000, mutationsSent: 0, mutationsRemaining: 0)
    let text = ProgressMeter.text(progress, elapsedMilliseconds: 2_000)
    #expect(text == "receiving █████░░░░░░░░░░░░░░░ 1000 of 4000 rows · 500 a second · 6 s left")
  }

  @Test func `progress bears every number that a server may name`() {
    let most = UInt64.max
    let numbers: [(UInt64, UInt64)] = [(most, most), (1, most), (most, 0), (most, 1), (0, most), (3, most - 2)]
    for phase in ["receiving", "sending"] {
      for (done, remaining) in numbers {
        let progress = SyncProgress(
          phase: phase, rowsReceived: done, rowsRemaining: remaining, mutationsSent: done, mutationsRemaining: remaining)
        for elapsed in [0, 1_000, Int64.max] {
          let text = ProgressMeter.text(progress, elapsedMilliseconds: elapsed)
          #expect(text.hasPrefix("\(phase) ") && text.contains(" \(done) of \(most) "), "\(text)")
        }
      }
    }
  }

  @Test func `without a terminal progress is a plain line a second at most, and none for what is quick`() {
    let time = Mutex<Int64>(0)
    let shell = Shell.sample(clock: { Instant(milliseconds: time.withLock { $0 }) })
    let meter = ProgressMeter(shell: shell)
    for step in 0..<50 {
      time.withLock { $0 += 50 }
      meter.show(
        SyncProgress(
          phase: "receiving", rowsReceived: UInt64(step), rowsRemaining: 50, mutationsSent: 0, mutationsRemaining: 0))
      if step == 10 { #expect(shell.errors.kept.isEmpty) }
    }
    meter.finish()
    #expect(shell.errors.kept.split(separator: "\n").count == 2)
    #expect(!shell.errors.kept.contains("\u{1B}"))
  }

  @Test func `neighbouring changes are joined across spaces`() {
    let segments = [
      ("same", "a "), ("removed", "b"), ("added", "x"), ("same", " "), ("removed", "c"), ("added", "y"), ("same", " "),
      ("same", "d"),
    ].map { DiffSegment(kind: $0, text: $1) }
    #expect(DiffPage.joined(segments).map(DiffPage.marked).joined() == "a [-b c-]{+x y+} d")
  }

  @Test func `platforms count as they do`() {
    let x = PlatformLimit.of("x")
    #expect(x?.used(text: "abc", hashtags: [], link: "https://a.example/very/long/address/that/is/long") == 27)
    #expect(x?.used(text: "日本", hashtags: ["a"], link: "") == 7)
    #expect(PlatformLimit.of("bluesky")?.used(text: "日本", hashtags: ["a", "b"], link: "") == 8)
    for (platform, characters) in KnownPlatforms.textLimits {
      #expect(PlatformLimit.of(platform)?.characters == characters, "one table for both")
    }
    #expect(PlatformLimit.of("carrierpigeon") == nil)
  }

  @Test func `fingerprints are grouped for reading aloud and read back`() throws {
    let digits = String(repeating: "0123abcd", count: 8)
    let lines = EnrolCommand.grouped(digits)
    #expect(lines.count == 2)
    #expect(try AuditVerifyCommand.checked(lines.joined(separator: " ").uppercased()) == digits)
    #expect(throws: CommandFailure.self) { try AuditVerifyCommand.checked("0123") }
  }
}
