// Which seeds are done: ranges in ascending order that neither overlap nor touch, so that what is left can be told at once.

package struct SeedRanges: Sendable, Hashable {
  package private(set) var ranges: [ClosedRange<UInt64>] = []

  package init(_ ranges: [ClosedRange<UInt64>] = []) {
    for range in ranges { insert(range) }
  }

  package mutating func insert(_ range: ClosedRange<UInt64>) {
    var merged = range
    var others: [ClosedRange<UInt64>] = []
    for other in ranges {
      if Self.touch(other, merged) {
        merged = min(other.lowerBound, merged.lowerBound)...max(other.upperBound, merged.upperBound)
      } else {
        others.append(other)
      }
    }
    let place = others.firstIndex { $0.lowerBound > merged.upperBound } ?? others.endIndex
    others.insert(merged, at: place)
    ranges = others
  }

  /// The first seed of the range that is not done; nil if all of it is.
  package func firstMissing(in range: ClosedRange<UInt64>) -> UInt64? {
    guard let holder = ranges.first(where: { $0.contains(range.lowerBound) }) else { return range.lowerBound }
    return holder.upperBound < range.upperBound ? holder.upperBound + 1 : nil
  }

  /// How many seeds of the range are done.
  package func count(in range: ClosedRange<UInt64>) -> UInt64 {
    ranges.filter { $0.overlaps(range) }.map { $0.clamped(to: range) }.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) + 1 }
  }

  private static func touch(_ one: ClosedRange<UInt64>, _ other: ClosedRange<UInt64>) -> Bool {
    let (low, high) = one.lowerBound <= other.lowerBound ? (one, other) : (other, one)
    return high.lowerBound <= low.upperBound || high.lowerBound - low.upperBound == 1
  }
}
