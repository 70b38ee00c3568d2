// A device's own account of time: good for showing people, never for ordering what the server decides.

/// Wall time in milliseconds since 1970 with a counter that keeps it strictly ascending while one process counts it.
package struct HybridClock: CanonicalMessage, Hashable, Comparable {
  package var wallMilliseconds: UInt64
  package var counter: UInt32

  package init() { self.init(wallMilliseconds: 0, counter: 0) }

  package init(wallMilliseconds: UInt64, counter: UInt32) {
    self.wallMilliseconds = wallMilliseconds
    self.counter = counter
  }

  /// The next reading: later than this one even if the wall clock went back.
  package func advanced(toWallMilliseconds now: UInt64) -> HybridClock {
    if now > wallMilliseconds { return HybridClock(wallMilliseconds: now, counter: 0) }
    if counter < .max { return HybridClock(wallMilliseconds: wallMilliseconds, counter: counter + 1) }
    return HybridClock(wallMilliseconds: wallMilliseconds + 1, counter: 0)
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &wallMilliseconds)
    try coder.field(2, &counter)
  }

  package static func < (left: HybridClock, right: HybridClock) -> Bool {
    (left.wallMilliseconds, left.counter) < (right.wallMilliseconds, right.counter)
  }
}
