// One file on a simulated disk: what processes see, what is safe, and the changes in between, of which a power loss takes any.

final class SimulatedFile {
  enum Change {
    case write(offset: Int, bytes: [UInt8])
    case resize(Int)
  }

  /// What every process reads: the page cache of a real machine.
  private(set) var bytes: [UInt8]
  /// What a sync has made safe.
  private(set) var durable: [UInt8]
  /// Since then, in order.
  private(set) var unsynced: [Change] = []
  /// What a failed sync has dropped and nothing has written again: processes read it, and the disk will never have it.
  private var holes: [Range<Int>] = []
  /// Whether there are such places from the time of an earlier process.
  private(set) var hasOldHoles = false

  init() {
    bytes = []
    durable = []
  }

  /// A file as a copy finds it; the copy is safe.
  init(copyOf other: SimulatedFile) {
    bytes = other.bytes
    durable = other.bytes
  }

  var count: Int { bytes.count }

  /// Answers how many bytes there were to read.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
    let available = max(0, min(target.count, bytes.count - offset))
    if available > 0 {
      // Both ranges were measured above.
      bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + available])) }
    }
    return available
  }

  func write(_ source: UnsafeRawBufferPointer, at offset: Int) {
    guard !source.isEmpty else { return }
    let range = offset..<offset + source.count
    if !holes.isEmpty { holes.removeAll { range.lowerBound <= $0.lowerBound && range.upperBound >= $0.upperBound } }
    let change = Change.write(offset: offset, bytes: [UInt8](source))
    Self.apply(change, to: &bytes)
    unsynced.append(change)
  }

  func resize(to count: Int) {
    guard count != bytes.count else { return }
    let change = Change.resize(count)
    Self.apply(change, to: &bytes)
    unsynced.append(change)
  }

  func sync() {
    for change in unsynced { Self.apply(change, to: &durable) }
    unsynced.removeAll(keepingCapacity: true)
  }

  /// A sync that failed: the system counts every change as written from now on, whether it was or not.
  func failSync(_ random: SeededRandom) {
    for change in unsynced {
      if random.chance(permille: 500) {
        Self.apply(change, to: &durable)
      } else if case .write(let offset, let bytes) = change {
        holes.append(offset..<offset + bytes.count)
      }
    }
    unsynced.removeAll(keepingCapacity: true)
  }

  /// The process that saw the sync fail is gone.
  func noteProcessEnd() { hasOldHoles = !holes.isEmpty }

  static func apply(_ change: Change, to image: inout [UInt8]) {
    switch change {
    case .write(let offset, let new):
      if offset > image.count { grow(&image, to: offset) }
      let overlap = min(new.count, image.count - offset)
      image.withUnsafeMutableBytes { image in
        new.withUnsafeBytes { new in
          // The overlap lies within both, as computed above.
          UnsafeMutableRawBufferPointer(rebasing: image[offset..<offset + overlap])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: new[..<overlap]))
        }
      }
      if overlap < new.count { image.append(contentsOf: new[overlap...]) }
    case .resize(let count):
      if count < image.count { image.removeLast(image.count - count) } else { grow(&image, to: count) }
    }
  }

  private static func grow(_ image: inout [UInt8], to count: Int) {
    image.append(contentsOf: repeatElement(0, count: count - image.count))
  }

  // MARK: Power loss

  /// Only what was synced is sure. Of the rest: all, nothing, or sector by sector some state that it has passed through.
  func losePower(sectorBytes: Int, _ random: SeededRandom) {
    switch random.below(5) {
    case _ where unsynced.isEmpty: break
    case 0: break
    case 1: sync()
    default:
      var mixture = PowerLossMixture(durable: durable, changes: unsynced, sectorBytes: sectorBytes, random: random)
      durable = mixture.mixed()
    }
    unsynced = []
    holes = []
    bytes = durable
  }
}
