// A stop tells sessions to come back one after the other, however many they are.
import SyncEngine
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct SessionRegistryTests {
  /// When each of so many sessions is told to come back.
  private func comingBack(_ count: Int) async -> [UInt64] {
    let registry = SessionRegistry()
    let sessions = (0..<count).map { _ in SessionMailbox.make() }
    for session in sessions { #expect(registry.add(session.mailbox) != nil) }
    registry.stop()
    #expect(registry.add(SessionMailbox.make().mailbox) == nil)
    var moments: [UInt64] = []
    for session in sessions {
      session.mailbox.finish()
      for await item in session.items {
        if case .event(.shuttingDown(let retryAfter)) = item { moments.append(retryAfter) }
      }
    }
    return moments.sorted()
  }

  @Test func `few are spread over two seconds`() async {
    #expect(await comingBack(1) == [500])
    #expect(await comingBack(4) == [500, 1_000, 1_500, 2_000])
    #expect(await comingBack(0) == [])
  }

  @Test func `of five thousand each has a moment of its own`() async {
    #expect(await comingBack(5_000) == Array(UInt64(500)..<5_500))
  }
}
