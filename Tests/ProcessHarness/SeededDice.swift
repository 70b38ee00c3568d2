// Chance that can be played again: the same numbers for the same seed (splitmix64).

package struct SeededDice: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// A number from 0 to below `sides`.
  package mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(sides, 1)))
  }
}
