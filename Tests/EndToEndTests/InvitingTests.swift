// Inviting at the server's console: new people, and further devices of those who are there.
import ProcessHarness
import Testing

@Suite(.serialized) struct InvitingTests {
  private func invite(_ arguments: [String], to practice: Practice) async throws -> Finished {
    try await Program.countersignd.run(
      ["invite", "--data", practice.data, "--tenant", practice.tenant, "--json"] + arguments, scratch: practice.scratch)
  }

  @Test func `the console invites a further device of a member`() async throws {
    let practice = try await Practice()
    let laptop = try await practice.enrol("Rosa", role: "reviewer")
    let invited = try await invite(["--member", "Rosa"], to: practice)
    let code = try #require(try invited.json()["code"]?.string)
    let phone = try practice.laptop("phone")
    let enrolled = try await phone.run(["enrol", code])
    #expect(enrolled.exitCode == 0, "\(enrolled.errors)")
    let statuses = [try await laptop.json(["status"]), try await phone.json(["status"])]
    #expect(statuses[0]["member_id"]?.string == statuses[1]["member_id"]?.string)
    #expect(statuses[1]["member"]?.string == "Rosa" && statuses[0]["device"]?.string != statuses[1]["device"]?.string)
  }

  @Test func `nobody, several of one name, and a name or role beside a member are refused`() async throws {
    let practice = try await Practice()
    _ = try await practice.enrol("Rosa", role: "reviewer")
    let nobody = try await invite(["--member", "Edda"], to: practice)
    #expect(nobody.exitCode == 1 && nobody.errors.contains("There is no member “Edda”"), "\(nobody.errors)")
    for extra in [["--role", "viewer"], ["--name", "Rosa"]] {
      #expect(try await invite(["--member", "Rosa"] + extra, to: practice).exitCode == 78)
    }
    #expect(try await invite(["--name", "Edda"], to: practice).exitCode == 78)
    #expect(try await invite(["--role", "viewer"], to: practice).exitCode == 78)
    let code = try await practice.invite("Rosa", role: "viewer")
    let second = try practice.laptop("second")
    #expect(try await second.run(["enrol", code]).exitCode == 0)
    let several = try await invite(["--member", "Rosa"], to: practice)
    let id = try #require(try await second.json(["status"])["member_id"]?.string)
    #expect(several.exitCode == 1 && several.errors.contains(id), "\(several.errors)")
    #expect(try await invite(["--member", id], to: practice).exitCode == 0)
  }

  @Test func `a code that the server has not heard of is not in force, and enrolling with it says what helps`() async throws {
    let practice = try await Practice()
    let ada = try await practice.enrol("Ada", role: "admin")
    let invited = try await ada.run(["invite", "Rosa", "--role", "reviewer", "--offline"])
    #expect(invited.exitCode == 7 && invited.errors.contains("NOT IN FORCE"), "\(invited.errors)")
    let code = invited.output.filter { !$0.isWhitespace }
    let rosa = try practice.laptop("Rosa")
    let early = try await rosa.run(["enrol", code])
    #expect(early.exitCode == 4 && early.errors.contains("let the admin's device sync first"), "\(early.errors)")
    _ = try await ada.json(["sync"])
    #expect(try await rosa.run(["enrol", code]).exitCode == 0)
    #expect(try await ada.run(["invite", "Rolf", "--role", "reviewer", "--wait"]).exitCode == 0)
  }

  @Test func `a code is read from standard input, so that it stands on no command line`() async throws {
    let practice = try await Practice()
    let laptop = try practice.laptop("Rosa")
    let empty = try await laptop.run(["enrol", "-"])
    #expect(empty.exitCode == 64, "\(empty.errors)")
    let code = try await practice.invite("Rosa", role: "reviewer")
    let enrolled = try await laptop.run(["enrol", "-"], input: " \(code) \r\n")
    #expect(enrolled.exitCode == 0, "\(enrolled.errors)")
    #expect(try await laptop.json(["status"])["member"]?.string == "Rosa")
  }
}
