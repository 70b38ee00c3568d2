// Who holds how many of the server's places, so that one network cannot hold them all. Pure.

/// The places that each network holds.
struct PlaceShares {
  private let limit: Int
  private var held: [String: Int] = [:]

  /// - Parameter limit: places of one network at the most.
  init(limit: Int) {
    self.limit = limit
  }

  func hasRoom(for network: String) -> Bool { held[network, default: 0] < limit }

  mutating func take(_ network: String) { held[network, default: 0] += 1 }

  mutating func giveBack(_ network: String) {
    guard let count = held[network] else { return }
    held[network] = count > 1 ? count - 1 : nil
  }
}
