// Changes bytes the way accidents and attackers do; the same seed changes them the same way.

package struct SeededDamage: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A number from 0 to below the bound.
  package mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(bound, 1)))
  }

  package mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...below(3) {
      let place = below(result.count)
      switch below(6) {
      case 0 where !result.isEmpty: result[place] ^= UInt8(1 << below(8))
      case 1 where !result.isEmpty: result[place] = UInt8(below(256))
      case 2: result.removeLast(below(result.count))
      case 3: result.insert(UInt8(below(256)), at: place)
      case 4 where !result.isEmpty: result.removeSubrange(place..<min(result.count, place + 1 + below(8)))
      default: result += result[place...].prefix(below(64))
      }
    }
    return result
  }
}
