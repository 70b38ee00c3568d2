// What a device tells of pauses on publishing: in force is what the server has said, not what this device has asked for.
import ReviewModel
import Testing

@testable import ClientCore

struct PauseStatusTests {
  @Test func `a pause stands in everybody's status once the server has answered, until it is lifted there`() async throws {
    let world = try World()
    let admin = try await world.enrol("admin", [.admin], name: "Ada")
    let reviewer = try await world.enrol("reviewer", [.reviewer], name: "Rita")
    for profile in [admin, reviewer] { _ = try await profile.sync() }
    #expect(try reviewer.status().pauses.isEmpty)

    _ = try admin.pause(reason: "Recall.")
    #expect(try admin.status().pauses.map(\.isPending) == [true])
    for profile in [admin, reviewer] { _ = try await profile.sync() }
    for profile in [admin, reviewer] {
      let pauses = try profile.status().pauses
      #expect(pauses.map(\.member) == ["Ada"])
      #expect(pauses.map(\.reason) == ["Recall."])
      #expect(pauses.map(\.isPending) == [false])
      #expect(pauses.allSatisfy { !$0.at.isEmpty && $0.post.isEmpty && $0.campaign.isEmpty && $0.platform.isEmpty })
    }

    _ = try admin.resume()
    #expect(try admin.status().pauses.map(\.isPending) == [false], "lifted on this device only, it is in force")
    for profile in [admin, reviewer] { _ = try await profile.sync() }
    for profile in [admin, reviewer] { #expect(try profile.status().pauses.isEmpty) }
  }

  @Test func `a refusal brings the remedy of its code, anything else none`() {
    func result(_ code: String) -> ChangeResult {
      ChangeResult(post: "", revision: "", status: "rejected", code: code, reason: "", exit: 8)
    }
    #expect(result("stale_revision").remedy == "Read what changed and decide again.")
    #expect(result("conflicted").remedy == "An editor must merge them first.")
    #expect(result("").remedy.isEmpty)
    #expect(result("no_such_code").remedy.isEmpty)
  }
}
