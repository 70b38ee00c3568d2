// Who can reach whom: every device has its own way to the one server.

final class SimulatedNetwork {
  private let context: SimulationContext
  private var links: [SimulatedLink] = []
  /// Those of the whole run: to be let go of at its end.
  private var everyLink: [SimulatedLink] = []
  private var lastNumber = 0
  /// The server takes a connection, or does not (it is down).
  var accept: ((SimulatedLink) -> Bool)?

  init(context: SimulationContext) { self.context = context }

  /// Tries to connect. The answer comes later: a link, or nil.
  func connect(_ condition: NetworkCondition, answer: @escaping (SimulatedLink?) throws -> Void) {
    guard condition.isUsable else {
      // Without a network the system says so at once; behind a partition only a timeout does.
      return context.after(condition.isDown ? 20 : 15_000) { try answer(nil) }
    }
    let roundTrip = 2 * context.random.between(context.plan.latency.lowerBound, context.plan.latency.upperBound)
    context.after(roundTrip + condition.extraLatency) {
      self.lastNumber += 1
      let link = SimulatedLink(number: self.lastNumber, context: self.context, condition: condition)
      guard condition.isUsable, self.accept?(link) == true else { return try answer(nil) }
      self.links.removeAll { $0.isCut }
      self.links.append(link)
      self.everyLink.append(link)
      try answer(link)
    }
  }

  /// Conditions have changed: what was held back goes on.
  func flush() throws { for link in links { try link.flush() } }

  func dispose() {
    accept = nil
    for link in everyLink { link.dispose() }
    everyLink = []
    links = []
  }

  /// The connections that hold.
  var openLinks: [SimulatedLink] { links.filter { !$0.isCut } }
}
