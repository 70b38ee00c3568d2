// One connection: two queues of encoded frames. In order and without loss as long as it holds, like TCP; cut at any byte, what
// had not arrived is gone, and each end learns of it when the network lets it.

final class SimulatedLink {
  enum Direction: Int {
    case up, down
  }

  /// What one end does with what arrives.
  struct Endpoint {
    var received: ([UInt8]) throws -> Void
    var closed: () throws -> Void
  }

  private enum Item {
    case frame([UInt8])
    case end
  }

  private struct Lane {
    var arrivesAt: UInt64 = 0
    /// Arrived at a place where the network holds it back.
    var stalled: [Item] = []
    var bytesOnTheirWay = 0
    var hasEnded = false
  }

  let number: Int
  private let context: SimulationContext
  private let condition: NetworkCondition
  private let random: SeededRandom
  private var lanes = [Lane(), Lane()]
  private var endpoints: [Endpoint?] = [nil, nil]
  private(set) var isCut = false
  /// The frame that brings this down to 0 is cut in the middle, and the connection with it.
  var bytesUntilCut: Int?
  /// It breaks when the server has decided and is about to answer.
  var losesAnswers = false
  /// Told when frames of the server have arrived.
  var onDrained: (() throws -> Void)?

  init(number: Int, context: SimulationContext, condition: NetworkCondition) {
    self.number = number
    self.context = context
    self.condition = condition
    random = context.random.fork()
  }

  /// Who takes what goes in this direction.
  func attach(_ endpoint: Endpoint, receiving direction: Direction) { endpoints[direction.rawValue] = endpoint }

  func bytesOnTheirWay(_ direction: Direction) -> Int { lanes[direction.rawValue].bytesOnTheirWay }

  func send(_ bytes: [UInt8], _ direction: Direction) {
    guard !isCut, !lanes[direction.rawValue].hasEnded else { return }
    if let left = bytesUntilCut {
      bytesUntilCut = left - bytes.count
      if left <= bytes.count { return cut() }
    }
    lanes[direction.rawValue].bytesOnTheirWay += bytes.count
    push(.frame(bytes), direction)
  }

  /// Closes behind everything that was sent.
  func close(_ direction: Direction) {
    guard !isCut, !lanes[direction.rawValue].hasEnded else { return }
    lanes[direction.rawValue].hasEnded = true
    push(.end, direction)
  }

  /// Both ends are cut off from each other; what is on its way is lost.
  func cut() {
    guard !isCut else { return }
    isCut = true
    for direction in [Direction.up, .down] {
      lanes[direction.rawValue].stalled = []
      let isHeld = isBlocked(direction)
      // Whoever is behind a partition hears nothing of it.
      if !isHeld { context.after(latency()) { try self.endpoints[direction.rawValue]?.closed() } }
    }
  }

  /// One end is gone without a word: the other, which receives in this direction, hears of it if the network lets it.
  func abandon(_ direction: Direction) {
    guard !isCut else { return }
    isCut = true
    if !isBlocked(direction) { context.after(latency()) { try self.endpoints[direction.rawValue]?.closed() } }
  }

  /// Lets go of both ends, which hold the link.
  func dispose() {
    endpoints = [nil, nil]
    onDrained = nil
  }

  /// What the network held back arrives at once, before anything that is still on its way.
  func flush() throws {
    for direction in [Direction.up, .down] where !isBlocked(direction) {
      let items = lanes[direction.rawValue].stalled
      lanes[direction.rawValue].stalled = []
      for item in items { try arrive(item, direction) }
    }
  }

  private func isBlocked(_ direction: Direction) -> Bool {
    condition.isDown || (direction == .up ? condition.isUpBlocked : condition.isDownBlocked)
  }

  private func latency() -> UInt64 {
    random.between(context.plan.latency.lowerBound, context.plan.latency.upperBound) + condition.extraLatency
  }

  private func push(_ item: Item, _ direction: Direction) {
    let at = max(lanes[direction.rawValue].arrivesAt, context.now + latency())
    lanes[direction.rawValue].arrivesAt = at
    context.after(at - context.now) { try self.arrive(item, direction) }
  }

  private func arrive(_ item: Item, _ direction: Direction) throws {
    guard !isCut else { return }
    guard !isBlocked(direction), lanes[direction.rawValue].stalled.isEmpty else {
      lanes[direction.rawValue].stalled.append(item)
      return
    }
    switch item {
    case .frame(let bytes):
      lanes[direction.rawValue].bytesOnTheirWay -= bytes.count
      try endpoints[direction.rawValue]?.received(bytes)
      if direction == .down { try onDrained?() }
    case .end:
      isCut = true
      try endpoints[direction.rawValue]?.closed()
    }
  }
}
