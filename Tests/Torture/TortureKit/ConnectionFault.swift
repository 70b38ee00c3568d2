// What the proxy does to one connection: at which byte of which direction, and what. Pure: chunks in, pieces out.
import ProcessHarness

/// One fault of one connection, drawn when it opens.
struct ConnectionFault: Sendable, CustomStringConvertible {
  enum Kind: String, Sendable, CaseIterable {
    /// Both directions end.
    case cut
    /// Both directions end with a reset.
    case reset
    /// One direction falls silent, and the whole connection ends a little later.
    case halve
    /// Everything waits for a while.
    case delay
    /// Some bytes come twice.
    case duplicate
    /// One bit is another one.
    case flip
    /// What follows comes in pieces of a few bytes.
    case drip
  }

  enum Direction: String, Sendable { case toServer, toClient }

  var kind: Kind
  var direction: Direction
  /// The first byte of that direction that is hit, counted from 0.
  var offset: Int
  /// The bit to flip, the milliseconds to wait: whatever the kind needs a number for.
  var amount: Int

  var description: String { "\(kind) \(direction) at byte \(offset) (\(amount))" }

  /// Half of the faults hit the first kilobytes, where handshakes are, and some the middle of a long exchange.
  private static let offsetLimits = [4_000, 4_000, 40_000, 1_000_000]

  /// A fault for every other connection.
  static func draw(_ dice: inout SeededDice) -> ConnectionFault? {
    guard dice.roll(2) == 0 else { return nil }
    return ConnectionFault(
      kind: Kind.allCases[dice.roll(Kind.allCases.count)], direction: dice.roll(2) == 0 ? .toServer : .toClient,
      offset: dice.roll(offsetLimits[dice.roll(offsetLimits.count)]), amount: 200 + dice.roll(4_000))
  }

  /// What becomes of a chunk.
  enum Effect: Equatable {
    case pass([UInt8])
    /// Pass these, then do what the kind says.
    case strike([UInt8])
  }

  /// - Parameter position: how many bytes of this direction came before the chunk.
  func effect(on chunk: [UInt8], position: Int) -> Effect {
    guard (position..<(position + chunk.count)).contains(offset) else { return .pass(chunk) }
    let place = offset - position
    switch kind {
    case .flip:
      var changed = chunk
      changed[place] ^= 1 << UInt8(amount % 8)
      return .pass(changed)
    case .duplicate: return .pass(Array(chunk[..<place]) + Array(chunk[max(0, place - 32)...]))
    case .cut, .reset, .halve: return .strike(Array(chunk[..<place]))
    case .delay, .drip: return .strike(chunk)
    }
  }
}
