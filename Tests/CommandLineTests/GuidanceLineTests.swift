// What the program says so that a person can go on: remedies, pauses, states that do not exist, files of an unknown form.
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct GuidanceLineTests {
  private func refusal(_ code: String) -> [String] {
    let post = String(repeating: "a", count: 32)
    let result = ChangeResult(post: post, revision: "", status: "rejected", code: code, reason: "No.", exit: 8)
    return ChangeRun.lines(result, verb: "approve", in: .sample())
  }

  @Test func `under a refusal stands what helps, and what to type`() {
    let stale = ["  What helps: Read what changed and decide again.", "  countersign diff aaaaaaaa"]
    #expect(Array(refusal("stale_revision").dropFirst()) == stale)
    #expect(refusal("conflicted").last == "  countersign merge aaaaaaaa")
    #expect(refusal("not_permitted").count == 2)
    #expect(refusal("").count == 1)
  }

  @Test func `what this device does not hold is not said to be refused, and one remedy stands under it`() {
    let error = ClientError(.notFound, "There is no post ffff on this device.", remedy: "Sync, then look at the list.")
    let lines = ChangeRun.lines(DecisionTargets.result("ffff@12345678", error), verb: "approve", in: .sample())
    #expect(lines.first == "approve  ffff@12345678  not done (not_found): There is no post ffff on this device.")
    #expect(lines.dropFirst() == ["  What helps: Sync, then look at the list."])
  }

  @Test func `undo names the post, and the command that helps`() {
    let entry = UndoReport.Entry(
      mutations: ["m"], kind: "decide", what: "approve of 1 post", posts: [String(repeating: "a", count: 32)],
      text: "Wash your hands.", instead: "Take it back.")
    let lines = UndoCommand.tooLate(entry, shortID: { String($0.prefix(8)) }, in: .sample())
    let head = "too late  approve of 1 post: aaaaaaaa “Wash your hands.”"
    #expect(lines == [head, "  Take it back.", "  countersign retract aaaaaaaa"])
  }

  @Test func `an enrolment that never succeeded is no damage`() {
    #expect(ProfilesListCommand.state(ClientError(.notEnrolled, "")) == "unfinished")
    #expect(ProfilesListCommand.state(.damagedIdentity) == "damaged")
    for code in [ClientErrorCode.cacheInUse, .diskTrouble, .damaged] {
      #expect(ProfilesListCommand.state(ClientError(code, "")) == "unreadable", "it may be whole")
    }
  }

  @Test func `devices are listed with their members, and the one at hand is marked`() {
    let ids = ["a", "b", "c"].map { String(repeating: $0, count: 64) }
    let member = MemberSummary(
      member: "m", name: "Ada", roles: ["admin"], isRemoved: false,
      devices: ids.enumerated().map { number, id in
        MemberSummary.Device(device: id, name: "Laptop", binding: "admin_signed", isRevoked: number > 0, isPending: number == 1)
      })
    let rows = DeviceListCommand.rows([member])
    let lines = DeviceListCommand.table(rows, own: ids[0])
      .lines(width: nil, palette: Palette(isEnabled: false), hasTitles: false)
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains("Ada") && $0.contains("admin signed") })
    #expect(lines[0].hasPrefix("aaaaaaaa ") && lines[0].contains("this one") && lines[2].contains("REVOKED"))
    #expect(lines[1].contains("NOT IN FORCE yet") && !lines[1].contains("REVOKED"), "the server has not answered")
    let told = MembersCommand.lines(member, palette: Palette(isEnabled: false))
    #expect(told[2].contains("NOT IN FORCE yet") && !told[2].contains("REVOKED") && told[3].hasSuffix(", REVOKED"))
    #expect(!told[1].contains("REVOKED") && !told[1].contains("NOT IN FORCE"))
  }

  @Test func `doctor has a way on for each reason to stop, and is content with refusals that were shown`() {
    let checkup = Checkup(path: "/nowhere", name: "b", shell: .sample())
    var status = StatusReport.sample()
    status.connection = "stopped"
    func fix(_ stop: String) -> String {
      status.stop = stop
      let finding = checkup.sync(status)
      #expect(finding.status == "broken")
      return finding.fix
    }
    #expect(fix("not_the_server").contains("countersign profiles set-url URL") && !fix("not_the_server").contains("remove"))
    #expect(fix("rolled_back").contains("gone back in time") && !fix("rolled_back").contains("remove"))
    #expect(fix("device_revoked").contains("countersign profiles remove b --force"))
    #expect(!fix("").isEmpty)
    (status.refused, status.refusedUnseen) = (3, 3)
    #expect(checkup.answers(status)?.finding == "The server refused 3 of your changes.")
    status.refusedUnseen = 0
    #expect(checkup.answers(status) == nil, "they were looked at")
    status.parked = 1
    #expect(checkup.answers(status)?.finding == "The server parked 1 of your changes.")
  }

  @Test func `a search says that its list was cut`() {
    #expect(SearchCommand.note(found: 0, limit: 50) == "No post has these words.")
    #expect(SearchCommand.note(found: 50, limit: 50) == nil)
    #expect(SearchCommand.note(found: 51, limit: 50) == "More than 50 posts have these words; --limit shows more.")
  }

  @Test func `undoing less than was asked for is not done`() {
    let entry = UndoReport.Entry(mutations: ["m"], kind: "comment", what: "comment", posts: [], text: "", instead: "")
    #expect(UndoCommand.exit(of: UndoReport(undone: [entry], tooLate: [])) == .done)
    #expect(UndoCommand.exit(of: UndoReport(undone: [], tooLate: [])) == .done)
    #expect(UndoCommand.exit(of: UndoReport(undone: [entry], tooLate: [entry])) == .rejected)
  }

  @Test func `a session that was refused for good is told with the way on`() {
    let stopped = ClientError(.refusedByServer, "This device was revoked; ask an admin.", details: ["device_revoked"])
    let told = StopRemedy.told(stopped, in: .sample())
    #expect(told.remedy == StopRemedy.fix("device_revoked", profile: "NAME", in: .sample()))
    let own = ClientError(.refusedByServer, "No.", remedy: "Ask.", details: ["device_revoked"])
    #expect(StopRemedy.told(own, in: .sample()).remedy == "Ask.")
    #expect(StopRemedy.told(ClientError(.unreachable, "No.", details: ["a"]), in: .sample()).remedy.isEmpty)
  }

  @Test func `a watch that has ended says why, and what helps`() {
    var status = StatusReport.sample()
    (status.connection, status.stop, status.connectionDetail) = ("stopped", "device_revoked", "This device was revoked.")
    let refused = WatchCommand.ended(status, in: .sample())
    #expect(refused.exit == 4 && refused.message.hasSuffix("by itself: This device was revoked."))
    #expect(refused.remedy == StopRemedy.fix("device_revoked", profile: status.profile, in: .sample()))
    (status.connection, status.failedTryReason) = ("failing", "The outbox is damaged.")
    let failed = WatchCommand.ended(status, in: .sample())
    #expect(failed.exit == 1 && failed.message.hasSuffix(": The outbox is damaged.") && failed.remedy.contains("doctor"))
  }

  @Test func `before the first sync status does not look as if the member had no name`() {
    var status = StatusReport.sample()
    (status.member, status.roles, status.checkpointSize) = ("", [], 1)
    let lines = StatusCommand.lines(status, in: .sample())
    #expect(lines.contains { $0.hasPrefix("member") && $0.hasSuffix("not known before the first sync") })
    #expect(lines.contains { $0.hasPrefix("checkpoint") && $0.contains(" 1 entry, tree hash ") })
  }

  @Test func `only a damaged cache is to be deleted`() {
    let checkup = Checkup(path: "/p", name: "default", shell: .sample())
    #expect(checkup.unreadable(ClientError(.damaged, "It is damaged.")).fix.hasPrefix("Delete cache.sqlite in /p"))
    var newer = ClientError(.damaged, "It is newer.", remedy: "Update this program.")
    newer.isOfNewerVersion = true
    #expect(checkup.unreadable(newer).fix == "Update this program.")
    for code in [ClientErrorCode.diskTrouble, .cacheInUse] {
      #expect(checkup.unreadable(ClientError(code, "No.", remedy: "Make room.")).fix == "Make room.")
    }
    #expect(checkup.unreadable(.damagedIdentity).fix.contains("profiles remove default --force"))
  }

  @Test func `what is final is asked of a person, and of nobody else`() throws {
    let terminal = Terminal(isInput: true, isOutput: true, isError: true)
    let question = FinalQuestion(question: "For good?", otherwise: "Nothing was done.")
    func isAsked(_ shell: Shell, isSure: Bool = false, reads: [String] = [], isJSON: Bool = false) throws -> Bool {
      do {
        try question.ask(isSure: isSure, reads: reads, isJSON: isJSON, in: shell)
      } catch let failure as CommandFailure {
        #expect(failure.exit == 3 && failure.message == "Nothing was done.")
        return true
      }
      return !shell.errors.kept.isEmpty
    }
    let no = Shell.sample(input: ["no"], terminal: terminal)
    #expect(try isAsked(no) && no.errors.kept == "For good? [y/N] ")
    let yes = Shell.sample(input: ["yes"], terminal: terminal)
    try question.ask(isSure: false, isJSON: false, in: yes)
    for (isSure, reads, isJSON) in [(true, ["1a2b"], false), (false, ["-"], false), (false, ["1a2b"], true)] {
      let person = Shell.sample(terminal: terminal)
      #expect(try !isAsked(person, isSure: isSure, reads: reads, isJSON: isJSON))
    }
    #expect(try !isAsked(Shell.sample()))
    let closing = FinalQuestion.closing("Withdrawing", in: Shell.sample())
    #expect(closing.contains("is final. While it is not sent, countersign undo"))
  }

  @Test func `conflicted posts are named with the line that ends it, some of many`() {
    let one = SyncCommand.lines(ofConflicts: ["560d2340"], in: .sample())
    #expect(one == ["1 post is conflicted; to end it:", "  countersign merge 560d2340"])
    let many = SyncCommand.lines(ofConflicts: (0..<9).map { "aaaaaaa\($0)" }, in: .sample())
    #expect(many.count == 7 && many.first == "9 posts are conflicted; to end it:")
    #expect(many.last == "  countersign queue --state conflicted lists them all")
  }

  @Test func `status says that a revocation is not in force yet`() {
    var status = StatusReport.sample()
    #expect(!StatusCommand.lines(status, in: .sample()).contains { $0.hasPrefix("revoking") })
    status.pendingRevocations = [RevocationReport(device: String(repeating: "a", count: 64), name: "Laptop", member: "Ada")]
    let line = StatusCommand.lines(status, in: .sample()).first { $0.hasPrefix("revoking") }
    #expect(line?.hasSuffix("NOT IN FORCE yet: aaaaaaaa Laptop of Ada") == true)
  }

  @Test func `status says that publishing is paused, since when and by whom`() {
    func pause(_ isPending: Bool) -> PauseReport {
      PauseReport(
        pause: "p", at: "2026-03-04T03:06:07Z", member: "Ada", reason: "Recall.", post: "", campaign: "", platform: "",
        isPending: isPending)
    }
    func words(_ pauses: [PauseReport]) -> String {
      var status = StatusReport.sample()
      status.pauses = pauses
      let lines = StatusCommand.lines(status, in: .sample())
      return lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    }
    #expect(!words([]).contains("publishing"))
    let both = words([pause(true), pause(false)])
    #expect(both.contains("publishing paused since ") && both.contains(" by Ada: Recall. (and 1 more)"))
    #expect(words([pause(true)]).contains("publishing NOT IN FORCE yet: paused since "))
  }

  @Test(arguments: [["foo"], ["in_review,foo"], ["approved", "--state", "foo"], [""], [","]])
  func `a state that does not exist is a usage error that lists those that do`(states: [String]) async {
    let shell = Shell.sample()
    #expect(await Program.run(["queue", "--state"] + states, in: shell) == 64)
    #expect(shell.errors.kept.contains("in_review, changes_requested"))
  }

  @Test(arguments: ["in_review,approved", "in review", "In-Review, held", "blocked"])
  func `states are taken as people write them`(states: String) throws {
    #expect(try Program.command(["queue", "--state", states]) != nil)
  }

  @Test func `options of all commands may stand before the command`() {
    #expect(ArgumentForms.rewritten(["--json=post,state", "queue"]) == ["queue", "--json", "--fields=post,state"])
    #expect(ArgumentForms.rewritten(["--profile", "b", "status"]) == ["status", "--profile", "b"])
    #expect(
      ArgumentForms.rewritten(["--no-pager", "comment", "1a2b", "--", "-x"]) == ["comment", "1a2b", "--no-pager", "--", "-x"])
    #expect(ArgumentForms.rewritten(["--help"]) == ["--help"])
    #expect(ArgumentForms.rewritten(["--json"]) == ["--json"])
    #expect(ArgumentForms.profile(in: ArgumentForms.rewritten(["--profile=b", "sync"])) == "b")
  }

  @Test func `a file of neither form is said to have been read as JSON`() throws {
    let folder = try TemporaryFolder()
    for (name, isNamed) in [("b.txt", true), ("b.json", false)] {
      try FileBytes.write(folder.path + "/" + name, Array("theme,canonical\na,b\n".utf8))
      let source = try ImportSource(path: folder.path + "/" + name, campaign: nil)
      let failure = #expect(throws: CommandFailure.self) { try source.read() }
      #expect(failure?.exit == 64)
      #expect(failure?.remedy.contains("neither .json nor .csv") == isNamed)
    }
  }
}
