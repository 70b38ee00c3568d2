// Whether a peer reads fast enough of what waits for it. Pure: counts go in, a verdict comes out; it has no clock.

/// Judges one peer, once in each span of time while something waits.
struct ReadingPace {
  enum Verdict: Equatable {
    case goodEnough
    case tooSlow
  }

  private let minimumBytes: Int
  private var takenBefore = 0
  /// Whether a span has begun and was not judged yet.
  private(set) var isMeasuring = false

  /// - Parameter minimumBytes: what the peer must take in each span.
  init(minimumBytes: Int) {
    self.minimumBytes = max(1, minimumBytes)
  }

  /// A span begins.
  ///
  /// - Parameter takenBytes: all that the peer has ever taken.
  mutating func begin(takenBytes: Int) {
    takenBefore = takenBytes
    isMeasuring = true
  }

  /// Nothing waits any more.
  mutating func rest() { isMeasuring = false }

  /// The span is over and something still waits; the next span begins.
  mutating func judge(takenBytes: Int) -> Verdict {
    defer { takenBefore = takenBytes }
    return takenBytes - takenBefore >= minimumBytes ? .goodEnough : .tooSlow
  }
}
