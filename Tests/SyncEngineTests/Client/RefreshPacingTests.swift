// How often the view is refreshed while much is received.
import Testing

@testable import SyncEngine

struct RefreshPacingTests {
  @Test func `what is cheap is done at once, what is dear leaves time for the rest`() {
    var pacing = RefreshPacing()
    #expect(pacing.wait(nowMilliseconds: 5) == 0)
    pacing.refreshed(fromMilliseconds: 10, toMilliseconds: 10)
    #expect(pacing.wait(nowMilliseconds: 10) == 0)
    pacing.refreshed(fromMilliseconds: 100, toMilliseconds: 150)
    #expect(pacing.wait(nowMilliseconds: 150) == 200)
    #expect(pacing.wait(nowMilliseconds: 340) == 10)
    #expect(pacing.wait(nowMilliseconds: 350) == 0)
  }

  @Test func `the view is never much older than a second`() {
    var pacing = RefreshPacing()
    pacing.refreshed(fromMilliseconds: 1_000, toMilliseconds: 61_000)
    #expect(pacing.wait(nowMilliseconds: 61_000) == RefreshPacing.longestWaitMilliseconds)
    pacing.refreshed(fromMilliseconds: 9, toMilliseconds: 3)
    #expect(pacing.wait(nowMilliseconds: 3) == 0)
  }
}
