// Every command's arguments as people and scripts write them.
import Testing

@testable import countersign

@Suite struct ArgumentTests {
  private func parse(_ line: String) throws -> (any ShellCommand)? {
    try Program.command(ArgumentForms.rewritten(line.split(separator: " ").map(String.init)))
  }

  @Test(arguments: [
    "enrol cs1-abc --device laptop --json", "enrol cs1-abc --url https://example.org --passphrase --no-sync", "profiles",
    "profiles list --json", "profiles set-url https://example.org --profile a", "profiles remove a --yes --force",
    "status --json", "sync --json", "watch --json", "queue", "queue --json", "queue --all --campaign Spring --platform x",
    "queue --state in_review --state approved --limit 5", "search hay fever --limit 3", "show 1a2b --json --peek",
    "diff 1a2b", "diff 1a2b@89abcdef --to 01234567", "review --campaign Spring --offline",
    "approve 1a2b@89abcdef 3c4d@01234567",
    "approve - --offline --json", "approve 1a2b@89abcdef --wait", "approve 1a2b@89abcdef --wait=5 -r fine",
    "request-changes 1a2b@89abcdef --reason shorter", "reject 1a2b@89abcdef --reason wrong", "hold 1a2b@89abcdef -r later",
    "retract 1a2b", "undo", "undo 3 --json", "comment 1a2b well said", "comment 1a2b --internal --text hush",
    "comment edit 1a2b 5e6f better", "thread 1a2b --json", "resolve 1a2b", "resolve 1a2b 5e6f",
    "import posts.json --submit --json", "import posts.csv --campaign Spring --check", "revise 1a2b --text new",
    "revise 1a2b --file - --draft", "revise 1a2b --hashtags a,b --alt-text c", "submit 1a2b 3c4d@01234567",
    "withdraw 1a2b --reason old", "withdraw - --yes", "device revoke laptop --yes",
    "erase 1a2b 3c4d@01234567 --reason asked --yes", "erase - --reason a --yes --offline",
    "erase --member Weber --member 1a2b --reason a", "erase --device 0123 -r a --json --yes",
    "merge 1a2b --take 89abcdef", "assign 1a2b Weber", "delegate 1a2b 3c4d --to Weber", "outcomes --json --all", "log 1a2b",
    "audit verify --json --full",
    "audit", "audit --root 00", "export --state out --json", "doctor --offline", "invite Weber --role reviewer --role editor",
    "invite --member Weber --json", "invite --member 1a2b --wait",
    "campaigns", "members --json", "device", "device list --json", "device revoke laptop --wait",
    "device revoke 0123 --offline", "pause --reason now", "resume --wait 9", "man --output pages", "completions bash",
    "comment 1a2b -- --dashes",
  ])
  func `is understood`(line: String) throws {
    #expect(try parse(line) != nil)
  }

  @Test(arguments: [
    "erase", "erase --reason a --yes", "erase 1a2b --member Weber --reason a", "erase 1a2b", "erase 1a2b --reason a",
    "delegate 1a2b", "queue --bogus", "queue extra", "queue --limit 0", "approve", "enrol", "export", "completions tcsh",
    "invite Weber", "invite", "invite --role editor", "invite Weber --member Weber", "invite --member Weber --role editor",
    "invite Weber --role king", "undo 0", "approve 1a2b@89abcdef --offline --wait", "revise 1a2b --text a --file b", "nonsense",
    "help frob", "device revoke", "erase - --reason a", "comment 1a2b word --text other", "comment 1a2b word --file f",
    "comment edit 1a2b 5e6f word --text other",
  ])
  func `is a usage error, exit 64`(line: String) async {
    let shell = Shell.sample()
    let arguments = ArgumentForms.rewritten(line.split(separator: " ").map(String.init))
    #expect(await Program.run(arguments, in: shell) == 64)
    #expect(shell.output.kept.isEmpty)
    #expect(!shell.errors.kept.isEmpty)
  }

  @Test func `a usage error is JSON where JSON was asked for`() async {
    let shell = Shell.sample()
    #expect(await Program.run(["queue", "--json", "--bogus"], in: shell) == 64)
    #expect(shell.errors.kept.hasPrefix(#"{"error":{"code":"usage","message":"#))
  }

  @Test(arguments: [
    "approve 1a2b@89abcdef --fields post", "comment 1a2b word --json=text", "pause --fields state", "undo --json=post",
    "invite Weber --role editor --fields name", "device revoke laptop --fields device",
  ])
  func `fields that a change's answer does not have are refused before it is made`(line: String) async throws {
    let folder = try TemporaryFolder()
    let shell = Shell.sample(variables: ["COUNTERSIGN_HOME": folder.path])
    #expect(await Program.run(ArgumentForms.rewritten(line.split(separator: " ").map(String.init)), in: shell) == 64)
    #expect(shell.errors.kept.contains(#""code":"unknown_field""#))
    // With a field that there is, it gets as far as the profile, of which there is none.
    let known = ["approve", "1a2b@89abcdef", "--fields", "id,results"]
    #expect(await Program.run(known, in: Shell.sample(variables: ["COUNTERSIGN_HOME": folder.path])) == 4)
  }

  @Test(arguments: ["--fields=", "--json=", "--json=,"])
  func `no fields at all are a usage error`(option: String) async {
    #expect(await Program.run(ArgumentForms.rewritten(["queue", option]), in: Shell.sample()) == 64)
  }

  @Test func `what stands behind the dashes does not ask for JSON`() async {
    let shell = Shell.sample()
    #expect(await Program.run(["show", "--bogus", "--", "--json"], in: shell) == 64)
    #expect(!shell.errors.kept.hasPrefix("{"))
  }

  @Test func `a folder that cannot be made is a failure with a remedy`() async {
    let shell = Shell.sample()
    #expect(await Program.run(["man", "--output", "/proc/nowhere/pages"], in: shell) == 1)
    #expect(shell.errors.kept.contains("Cannot make /proc/nowhere") && shell.errors.kept.contains("Check the path"))
  }

  @Test func `help is an answer`() async {
    let shell = Shell.sample()
    #expect(await Program.run(["help", "approve"], in: shell) == 0)
    #expect(shell.output.kept.contains("exactly the revisions that you saw"))
    #expect(shell.errors.kept.isEmpty)
  }

  @Test func `fields are given behind an equals sign, or where no argument can be meant`() {
    #expect(ArgumentForms.rewritten(["queue", "--json=post,state"]) == ["queue", "--json", "--fields=post,state"])
    #expect(ArgumentForms.rewritten(["queue", "--json", "post,state"]) == ["queue", "--json", "--fields=post,state"])
    #expect(ArgumentForms.rewritten(["show", "--json", "1a2b"]) == ["show", "--json", "1a2b"])
    #expect(ArgumentForms.rewritten(["search", "--json", "a,b"]) == ["search", "--json", "a,b"])
    #expect(ArgumentForms.rewritten(["comment", "1a2b", "--", "--json=x"]) == ["comment", "1a2b", "--", "--json=x"])
  }

  @Test func `waiting takes seconds, and never a reference`() {
    #expect(ArgumentForms.rewritten(["approve", "--wait", "1a2b@89abcdef"]) == ["approve", "--wait=60", "1a2b@89abcdef"])
    #expect(ArgumentForms.rewritten(["approve", "--wait", "1234"]) == ["approve", "--wait=60", "1234"])
    #expect(ArgumentForms.rewritten(["approve", "--wait", "15"]) == ["approve", "--wait=15"])
    #expect(ArgumentForms.rewritten(["approve", "--wait=0"]) == ["approve", "--wait=0"])
  }

  @Test func `fields know the name id`() throws {
    let command = try #require(try parse("queue --json=id,state") as? QueueCommand)
    #expect(command.answer.isJSON)
    #expect(command.answer.fieldNames() == ["post", "state"])
    #expect(command.answer.fieldNames(identifier: "mutation") == ["mutation", "state"])
  }

  @Test(arguments: ["request-changes", "reject", "hold"])
  func `decisions with a reason take it before and behind their targets`(verb: String) throws {
    let lines = ["1a2b@89abcdef 3c4d@01234567 --reason later --offline --json", "-r later 1a2b@89abcdef - --wait=5"]
    for line in lines.map({ "\(verb) \($0)" }) {
      let command = try #require(try parse(line) as? any ChangeCommand)
      #expect(command.answer.isJSON == line.hasSuffix("--json"))
    }
    let hold = try #require(try parse("hold 1a2b@89abcdef - --reason later --wait=5") as? HoldCommand)
    #expect(hold.decision.targets == ["1a2b@89abcdef", "-"] && hold.decision.reason == "later")
    #expect(hold.decision.change.wait == 5 && hold.decision.profile.profile == nil)
  }

  @Test func `the manual page names every command and every exit code`() {
    let page = ManualPage.source()
    #expect(ManualPage.commandNames.count > 30)
    for name in ManualPage.commandNames { #expect(page.contains(ManualPage.escaped("countersign \(name)"))) }
    for status in ExitStatus.allCases { #expect(page.contains(".B \(status.rawValue)\n")) }
    #expect(ManualPage.escaped(".x -y \\") == "\\&.x \\-y \\e")
  }
}
