// Virtual time: what is to happen, in the order of its moment, then of its scheduling. Nothing waits for a real clock.

package final class Timeline {
  package typealias Action = () throws -> Void

  /// So much may happen at one moment; more is taken for a circle that never lets time go on.
  package static let stepsAtOnceLimit: UInt64 = 1_000_000

  private struct Entry {
    let at: UInt64
    let order: UInt64
    let action: Action

    func isBefore(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
  }

  /// Milliseconds since the run began.
  package private(set) var now: UInt64 = 0
  package private(set) var stepCount: UInt64 = 0
  /// Steps since time went on.
  private var stepsAtOnce: UInt64 = 0
  private let stepsAtOnceLimit: UInt64
  private var heap: [Entry] = []
  private var lastOrder: UInt64 = 0

  package init(stepsAtOnceLimit: UInt64 = Timeline.stepsAtOnceLimit) { self.stepsAtOnceLimit = stepsAtOnceLimit }

  package func after(_ milliseconds: UInt64, _ action: @escaping Action) {
    lastOrder += 1
    heap.append(Entry(at: now + milliseconds, order: lastOrder, action: action))
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Nothing is to happen any more: lets go of everybody who waits for something.
  func clear() { heap = [] }

  /// When the next thing happens; nil if nothing is to happen any more.
  var nextAt: UInt64? { heap.first?.at }

  /// Lets the next thing happen.
  /// - Throws: a violation if time does not go on any more, and whatever the thing throws.
  package func step() throws {
    guard let next = takeFirst() else { return }
    if next.at > now { stepsAtOnce = 0 }
    now = next.at
    stepCount += 1
    stepsAtOnce += 1
    guard stepsAtOnce <= stepsAtOnceLimit else {
      throw Violation(.livelock, "more than \(stepsAtOnceLimit) steps at one moment")
    }
    try next.action()
  }

  private func takeFirst() -> Entry? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != parent else { return first }
      heap.swapAt(least, parent)
      parent = least
    }
  }
}
