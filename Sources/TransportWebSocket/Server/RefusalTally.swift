// Strangers decide how often a connection is refused, so not every refusal is a line in the log: one says how many there were
// since the line before. Pure: times go in, a number comes out.

/// How many refusals nobody has told of yet.
struct RefusalTally {
  private let pauseMilliseconds: UInt64
  private var untold = 0
  private var silentUntilMilliseconds: UInt64 = 0

  /// - Parameter pauseMilliseconds: how long nothing is told after something was.
  init(pauseMilliseconds: UInt64) {
    self.pauseMilliseconds = pauseMilliseconds
  }

  /// One more.
  ///
  /// - Parameter nowMilliseconds: of a clock that never goes back.
  /// - Returns: how many to tell of now, this one included; nil when it is too soon.
  mutating func add(nowMilliseconds: UInt64) -> Int? {
    untold += 1
    guard nowMilliseconds >= silentUntilMilliseconds else { return nil }
    silentUntilMilliseconds = nowMilliseconds + pauseMilliseconds
    defer { untold = 0 }
    return untold
  }
}
