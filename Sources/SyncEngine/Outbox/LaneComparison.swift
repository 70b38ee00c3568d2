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
  /// A number that the server has yet to see was put aside here: what follows it cannot go on in this lane.
  case interrupted

  /// - Parameters:
  ///   - given: the last number given here, with its hash.
  ///   - offered: offered and not answered here, ascending.
  ///   - quarantined: numbers that were put aside here.
  ///   - server: what the server says.
  package static func compare(
    given: LanePosition, offered: [OutboxRow], quarantined: Set<UInt64> = [], server: LaneState
  ) -> LaneComparison {
    if server.lastNumber > given.number { return .forked }
    let firstUnanswered = offered.first?.number ?? given.number + 1
    var next = server.lastNumber + 1
    while quarantined.contains(next) { next += 1 }
    if next < firstUnanswered { return .serverBehind }
    if quarantined.contains(where: { $0 > server.lastNumber }) { return .interrupted }
    guard let known = hash(of: server.lastNumber, given: given, offered: offered) else { return .agrees }
    return known == server.lastHash ? .agrees : .forked
  }

  /// The hash that the envelope of a number has here; nil if this device no longer knows.
  private static func hash(of number: UInt64, given: LanePosition, offered: [OutboxRow]) -> Digest? {
    if number == 0 { return .zero }
    if number == given.number { return given.hash }
    if let row = offered.first(where: { $0.number == number }) { return row.envelope?.hash }
    guard let next = offered.first(where: { $0.number == number + 1 })?.envelope else { return nil }
    // Damaged ones were found before.
    return try? next.envelope().previousHash
  }
}
