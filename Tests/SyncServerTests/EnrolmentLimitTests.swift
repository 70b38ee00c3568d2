// Which askers share the limit of enrolments.
import Testing

@testable import SyncServer

@Suite struct EnrolmentLimitTests {
  @Test func `a network of many addresses has one limit, and leaves room for others`() async throws {
    let bench = try ServerBench()
    func enrol(from peer: String) async -> Int {
      let request = EdgeRequest(method: "POST", path: "/v1/enrol", contentType: "", body: [], peer: peer)
      return await bench.edge.answer(request).status
    }
    var answers: [Int] = []
    for last in 1...100 { answers.append(await enrol(from: "2001:db8::\(String(last, radix: 16))")) }
    #expect(answers.contains(429) && answers.first != 429)
    #expect(await enrol(from: "2001:db8:0:1::1") != 429)
  }
}
