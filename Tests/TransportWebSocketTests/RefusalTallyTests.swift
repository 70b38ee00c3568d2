// How often the log tells of connections that were refused, however often they are.
import Testing

@testable import TransportWebSocket

@Suite struct RefusalTallyTests {
  @Test func `the first is told at once, those of a pause together after it`() {
    var tally = RefusalTally(pauseMilliseconds: 10_000)
    #expect(tally.add(nowMilliseconds: 500) == 1)
    for second in 1..<10 { #expect(tally.add(nowMilliseconds: UInt64(second) * 1_000) == nil) }
    #expect(tally.add(nowMilliseconds: 10_499) == nil)
    #expect(tally.add(nowMilliseconds: 10_500) == 11)
    #expect(tally.add(nowMilliseconds: 90_000) == 1)
    #expect(tally.add(nowMilliseconds: 90_000) == nil)
  }
}
