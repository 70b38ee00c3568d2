// Whether the server's position in a lane fits what this device has sent in it.
import ReviewModel
import Storage
import SyncProtocol
import Trust

/// The verdict on one lane.
package enum LaneComparison: Sendable, Hashable {
  /// What is offered and unanswered can be sent, answered numbers included.
  case agrees
  /// The server holds something that this device never sent.
  case forked
  /// The server does not hold what it has answered.
  case serverBehind

  /// - Parameters:
  ///   - given: the last number given here, with its hash.
  ///   - offered: offered and not answered here, ascending.
  ///   - server: what the server says.
  package static func compare(
    given: LanePosition, offered: [OutboxRow], server: LaneState
  ) -> LaneComparison {
    if server.lastNumber > given.number { return .forked }
    let firstUnanswered = offered.first?.number ?? given.number + 1
    if server.lastNumber + 1 < firstUnanswered { return .serverBehind }
    guard let known = hash(of: server.lastNumber, given: given, offered: offered) else { return .agrees }
    return known == server.lastHash ? .agrees : .forked
  }

  /// The hash that the envelope of a number has here; nil if this device no longer knows.
  private static func hash(of number: UInt64, given: LanePosition, offered: [OutboxRow]) -> Digest? {
    if number == 0 { return .zero }
    if number == given.number { return given.hash }
    if let row = offered.first(where: { $0.number == number }) { return row.envelope?.hash }
    guard let next = offered.first(where: { $0.number == number + 1 })?.envelope else { return nil }
    // A damaged envelope is found when it is to be sent; here it only means not to know.
    return try? next.envelope().previousHash
  }
}
