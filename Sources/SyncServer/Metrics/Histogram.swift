// Counts of observations by size, and the text that Prometheus reads.

struct Histogram: Sendable {
  let bounds: [UInt64]
  private(set) var counts: [UInt64]
  private(set) var sum: UInt64 = 0
  private(set) var count: UInt64 = 0

  /// `bounds` ascend; an observation counts in every bucket whose bound it does not exceed.
  init(bounds: [UInt64]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count)
  }

  mutating func observe(_ value: UInt64) {
    for index in bounds.indices where value <= bounds[index] { counts[index] += 1 }
    sum &+= value
    count += 1
  }
}

/// The text format, version 0.0.4.
struct MetricsPage {
  private(set) var text = ""

  mutating func add(_ name: String, _ kind: String, _ help: String, _ values: [([String: String], UInt64)]) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    for (labels, value) in values {
      let list = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
      text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }
  }

  mutating func add(_ name: String, _ help: String, _ histogram: Histogram) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
    for (bound, count) in zip(histogram.bounds, histogram.counts) { text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n" }
    text += "\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n\(name)_sum \(histogram.sum)\n\(name)_count \(histogram.count)\n"
  }
}
