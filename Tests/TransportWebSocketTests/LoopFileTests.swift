// How long the tables are that the library makes for a loop.
import Testing

@testable import TransportWebSocket

@Suite struct LoopFileTests {
  @Test(arguments: [(256, 1_024, 256), (65_536, 1_024, 1_024), (65_536, 1_073_741_816, 65_536)])
  func `tables are as long as the loop needs, and no longer than the process may use`(
    wanted: Int, limit: Int, expected: Int
  ) {
    #expect(WebSocketLoop.fileLimit(wanted, ofProcess: limit) == UInt32(expected))
  }
}
