// What a power loss leaves of one file when its sectors reached the disk in any order: each sector as it was after any
// number of its changes, one of them torn, and a length that the file had at some time.

struct PowerLossMixture {
  private static let garbagePermille = 200
  private static let tornPermille = 600

  private let durable: [UInt8]
  private let changes: [SimulatedFile.Change]
  private let sectorBytes: Int
  private let random: SeededRandom
  private var image: [UInt8]
  /// Lengths that the file has had since it was synced.
  private var lengths: [Int]
  /// The changes that each sector saw, in order.
  private var touching: [Int: [Int]] = [:]
  /// The cuts that reached the disk: what a file loses with its end, it loses as a whole.
  private var cuts: Set<Int> = []

  init(durable: [UInt8], changes: [SimulatedFile.Change], sectorBytes: Int, random: SeededRandom) {
    self.durable = durable
    self.changes = changes
    self.sectorBytes = sectorBytes
    self.random = random
    image = durable
    lengths = [durable.count]
  }

  mutating func mixed() -> [UInt8] {
    findSectors()
    image += [UInt8](repeating: 0, count: (lengths.max() ?? 0) - image.count)
    var next: [(sector: Int, change: Int)] = []
    for sector in touching.keys.sorted() {
      let seen = touching[sector] ?? []
      let least = seen.lastIndex { cuts.contains($0) }.map { $0 + 1 } ?? 0
      let kept = max(least, [0, seen.count, random.below(seen.count + 1)][random.below(3)])
      for change in seen.prefix(kept) { apply(change, to: sector) }
      if kept < seen.count { next.append((sector, seen[kept])) }
      if kept == 0, random.chance(permille: Self.garbagePermille) { fillWithGarbage(sector) }
    }
    // Power fails while one sector is being written.
    if random.chance(permille: Self.tornPermille), let torn = random.pick(next) {
      apply(torn.change, to: torn.sector, isTorn: true)
    }
    let length = [durable.count, lengths.last ?? 0, random.pick(lengths) ?? 0][random.below(3)]
    SimulatedFile.apply(.resize(length), to: &image)
    return image
  }

  private mutating func findSectors() {
    var length = durable.count
    for (index, change) in changes.enumerated() {
      var range: Range<Int>
      switch change {
      case .write(let offset, let bytes):
        range = offset..<offset + bytes.count
        length = max(length, range.upperBound)
      case .resize(let count):
        range = min(count, length)..<max(count, length)
        if count < length, random.chance(permille: 500) { cuts.insert(index) }
        length = count
      }
      lengths.append(length)
      if range.isEmpty { continue }
      for sector in range.lowerBound / sectorBytes...(range.upperBound - 1) / sectorBytes {
        touching[sector, default: []].append(index)
      }
    }
  }

  /// The part of a change that falls into a sector; torn, only some first bytes of it.
  private mutating func apply(_ change: Int, to sector: Int, isTorn: Bool = false) {
    let start = sector * sectorBytes
    let end = min(start + sectorBytes, image.count)
    func part(_ first: Int, _ last: Int) -> Range<Int> {
      let whole = max(start, first)..<max(start, first, min(end, last))
      return isTorn ? whole.prefix(random.below(whole.count + 1)) : whole
    }
    switch changes[change] {
    case .write(let offset, let bytes):
      for place in part(offset, offset + bytes.count) { image[place] = bytes[place - offset] }
    case .resize(let count):
      guard cuts.contains(change) else { return }
      for place in part(count, end) { image[place] = 0 }
    }
  }

  /// Where a file has grown and nothing of it was written, there is whatever lay there before.
  private mutating func fillWithGarbage(_ sector: Int) {
    let start = sector * sectorBytes
    guard start >= durable.count, start < image.count else { return }
    for place in start..<min(start + sectorBytes, image.count) { image[place] = UInt8(truncatingIfNeeded: random.next()) }
  }
}
