// A wall clock that is wrong by a jump, or goes wrong by so much an hour.

struct ClockTrouble {
  /// Added, in milliseconds.
  var offset: Int64 = 0
  /// Gained (or lost) in a thousand milliseconds.
  var driftPermille: Int64 = 0

  /// Milliseconds since 1970, as this clock has it.
  func wallMilliseconds(at now: UInt64) -> UInt64 {
    let drift = driftPermille == 0 ? 0 : Int64(now) / 1_000 * driftPermille
    return UInt64(clamping: Int64(SimulationContext.epochMilliseconds + now) + offset + drift)
  }
}
