// Virtual time: what is to happen, in the order of its moment, then of its scheduling. Nothing waits for a real clock.

final class Timeline {
  typealias Action = () throws -> Void

  private struct Entry {
    let at: UInt64
    let order: UInt64
    let action: Action

    func isBefore(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
  }

  /// Milliseconds since the run began.
  private(set) var now: UInt64 = 0
  private(set) var stepCount: UInt64 = 0
  private var heap: [Entry] = []
  private var lastOrder: UInt64 = 0

  func after(_ milliseconds: UInt64, _ action: @escaping Action) {
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
  func step() throws {
    guard let next = takeFirst() else { return }
    now = next.at
    stepCount += 1
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
