// The differences between two sequences of tokens: Myers' greedy algorithm, with a bound on its work.

/// A place where two sequences differ. Either range may be empty.
struct DiffHunk: Hashable {
  var old: Range<Int>
  var new: Range<Int>
}

enum TokenDiff {
  /// With more tokens than this between the common start and the common end, all of it counts as one change.
  static let tokenLimit = 8_000
  /// With more single insertions and removals than this, too.
  static let editLimit = 1_000

  /// Where the sequences differ, ascending; between two hunks there is always something in common.
  static func hunks(_ old: [Int], _ new: [Int]) -> [DiffHunk] {
    var start = 0
    while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
    var oldEnd = old.count
    var newEnd = new.count
    while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
      oldEnd -= 1
      newEnd -= 1
    }
    let oldMiddle = Array(old[start..<oldEnd])
    let newMiddle = Array(new[start..<newEnd])
    let matches = commonPairs(oldMiddle, newMiddle) ?? []
    return gaps(between: matches, oldCount: oldMiddle.count, newCount: newMiddle.count).map { hunk in
      DiffHunk(
        old: (hunk.old.lowerBound + start)..<(hunk.old.upperBound + start),
        new: (hunk.new.lowerBound + start)..<(hunk.new.upperBound + start))
    }
  }

  private static func gaps(between matches: [(old: Int, new: Int)], oldCount: Int, newCount: Int) -> [DiffHunk] {
    var hunks: [DiffHunk] = []
    var old = 0
    var new = 0
    for match in matches + [(old: oldCount, new: newCount)] {
      if match.old > old || match.new > new { hunks.append(DiffHunk(old: old..<match.old, new: new..<match.new)) }
      old = match.old + 1
      new = match.new + 1
    }
    return hunks
  }

  /// A longest common subsequence as pairs of positions, ascending; nil if finding it would cost too much.
  private static func commonPairs(_ old: [Int], _ new: [Int]) -> [(old: Int, new: Int)]? {
    guard !old.isEmpty, !new.isEmpty else { return [] }
    guard old.count + new.count <= tokenLimit else { return nil }
    let limit = min(editLimit, old.count + new.count)
    let middle = limit + 1
    var furthest = [Int](repeating: 0, count: 2 * middle + 1)
    var rounds: [[Int]] = []
    for edits in 0...limit {
      // What the earlier rounds reached on the diagonals that this one looks at.
      rounds.append(Array(furthest[(middle - edits - 1)...min(middle + edits + 1, furthest.count - 1)]))
      for diagonal in stride(from: -edits, through: edits, by: 2) {
        let below = furthest[middle + diagonal + 1]
        let left = diagonal == -edits ? -1 : furthest[middle + diagonal - 1]
        var position = diagonal == -edits || (diagonal != edits && left < below) ? below : left + 1
        while position < old.count, position - diagonal < new.count, old[position] == new[position - diagonal] {
          position += 1
        }
        furthest[middle + diagonal] = position
        if position >= old.count, position - diagonal >= new.count {
          return trace(rounds, oldCount: old.count, newCount: new.count)
        }
      }
    }
    return nil
  }

  /// Walks back from the end through what each round reached.
  private static func trace(_ rounds: [[Int]], oldCount: Int, newCount: Int) -> [(old: Int, new: Int)] {
    var pairs: [(old: Int, new: Int)] = []
    var old = oldCount
    var new = newCount
    for edits in rounds.indices.reversed() {
      let reached = rounds[edits]
      let center = edits + 1
      let diagonal = old - new
      let isDown =
        diagonal == -edits
        || (diagonal != edits && reached[center + diagonal - 1] < reached[center + diagonal + 1])
      let previousDiagonal = isDown ? diagonal + 1 : diagonal - 1
      let previousOld = reached[center + previousDiagonal]
      let previousNew = previousOld - previousDiagonal
      while old > previousOld, new > previousNew {
        old -= 1
        new -= 1
        pairs.append((old, new))
      }
      if edits > 0 {
        old = previousOld
        new = previousNew
      }
    }
    return pairs.reversed()
  }
}
