// Which profile every command means, and what is not done to one that somebody works with.
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct ProfileChoiceTests {
  private func make(_ name: String, _ identity: [UInt8], in folder: TemporaryFolder) throws {
    try PrivateFiles().makeDirectory(folder.path + "/" + name)
    try PrivateFiles().write(folder.path + "/" + name + "/identity", identity)
  }

  /// An identity that was begun, and that no server has confirmed.
  private func unfinished() throws -> [UInt8] {
    let beginning = IdentityFile.Beginning(
      mutation: "00", nameSalt: "00", clockMilliseconds: 1, inviteKey: "00", rootMutation: "00")
    return try IdentityFile(
      profile: "default", tenant: "00", tenantName: "Praxis", deviceName: "Laptop", url: "https://a.example", serverKey: "00",
      rootFingerprint: nil, beginning: beginning
    ).encoded()
  }

  private func shell(_ folder: TemporaryFolder, _ variables: [String: String] = [:]) -> Shell {
    Shell.sample(variables: variables.merging(["COUNTERSIGN_HOME": folder.path]) { own, _ in own })
  }

  @Test func `past an unfinished enrolment the only other profile is meant by every command`() async throws {
    let folder = try TemporaryFolder()
    try make("default", try unfinished(), in: folder)
    try make("practice", [1], in: folder)
    let shell = shell(folder)
    let directory = try ProfileDirectory(variable: shell.variable)
    #expect(try directory.meant(option: nil, variable: shell.variable) == "practice")
    #expect(try directory.meant(option: "default", variable: shell.variable) == "default")
    // The one that is damaged is the one to remove, and doctor looks at no other.
    #expect(await Program.run(["queue"], in: shell) == 1)
    #expect(shell.errors.kept.contains("countersign profiles remove practice --force"))
    #expect(await Program.run(["doctor", "--offline"], in: shell) == 1)
    let words = shell.output.kept.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    #expect(words.contains("countersign profiles remove practice --force"))
  }

  @Test func `a profile that another process works with is not removed, whatever is waiting`() async throws {
    for file in ["lock", "watch"] {
      let folder = try TemporaryFolder()
      try make("practice", [1], in: folder)
      let lock = try #require(try PrivateFiles().tryLock(folder.path + "/practice/" + file))
      let busy = shell(folder)
      #expect(await Program.run(["profiles", "remove", "practice", "--force", "--yes"], in: busy) == 11)
      #expect(busy.errors.kept.contains("Stop it") && FileBytes.exists(folder.path + "/practice/identity"))
      lock.unlock()
      #expect(await Program.run(["profiles", "remove", "practice", "--force", "--yes"], in: shell(folder)) == 0)
      #expect(!FileBytes.exists(folder.path + "/practice"))
    }
  }

  @Test func `a folder of profiles that cannot be read is not called empty`() async throws {
    let folder = try TemporaryFolder()
    let none = shell(folder, ["COUNTERSIGN_HOME": folder.path + "/none"])
    #expect(await Program.run(["profiles"], in: none) == 0)
    #expect(none.errors.kept.contains("There are no profiles"))
    try FileBytes.write(folder.path + "/file", [1])
    let wrong = shell(folder, ["COUNTERSIGN_HOME": folder.path + "/file"])
    for command in [["profiles"], ["queue"]] {
      #expect(await Program.run(command, in: wrong) == 1)
    }
    #expect(wrong.errors.kept.contains("Cannot read \(folder.path)/file"))
    #expect(!wrong.errors.kept.contains("There are no profiles"))
  }

  @Test func `a passphrase that is set to nothing seals nothing`() throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: CommandFailure.self) {
      try Passphrase.choose(in: shell(folder, [Passphrase.variable: ""]))
    }
    #expect(failure?.code == "passphrase_missing")
    #expect(try Passphrase.choose(in: shell(folder, [Passphrase.variable: "words"])) == "words")
  }

  @Test func `a first sync that failed ends with the code of why`() {
    func failure(_ code: ClientErrorCode) -> CommandFailure {
      EnrolCommand.syncFailed(ClientError(code, "No.", remedy: "Ask."), line: "countersign sync")
    }
    #expect(failure(.unreachable).exit == 75 && failure(.refusedByServer).exit == 4 && failure(.diskTrouble).exit == 1)
    #expect(failure(.unreachable).remedy == "Ask. The line for it: countersign sync")
  }
}
