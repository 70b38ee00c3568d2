// Two versions of a text, made from one: the changes of both, word by word, or nothing where both changed the same words.

enum ThreeWayText {
  /// Nil if both changed the same words, differently. Changes that touch each other count as the same words.
  static func merge(base: String, left: String, right: String) -> String? {
    var table = TokenTable()
    let base = table.numbers(of: base)
    let left = table.numbers(of: left)
    let right = table.numbers(of: right)
    return merge(base, left, right).map { table.text($0) }
  }

  private static func merge(_ base: [Int], _ left: [Int], _ right: [Int]) -> [Int]? {
    var leftHunks = TokenDiff.hunks(base, left)[...]
    var rightHunks = TokenDiff.hunks(base, right)[...]
    var merged: [Int] = []
    var position = 0
    while let start = [leftHunks.first, rightHunks.first].compactMap({ $0?.old.lowerBound }).min() {
      merged += base[position..<start]
      let (leftGroup, rightGroup, end) = nextGroup(from: start, &leftHunks, &rightHunks)
      let region = start..<end
      let ours = side(leftGroup, of: left, base: base, region)
      let theirs = side(rightGroup, of: right, base: base, region)
      if rightGroup.isEmpty {
        merged += ours
      } else if leftGroup.isEmpty || ours == theirs {
        merged += theirs
      } else {
        return nil
      }
      position = end
    }
    return merged + base[position...]
  }

  /// The hunks of both sides that overlap or touch, starting at `start`, and where they end in the base.
  private static func nextGroup(
    from start: Int, _ left: inout ArraySlice<DiffHunk>, _ right: inout ArraySlice<DiffHunk>
  ) -> (left: [DiffHunk], right: [DiffHunk], end: Int) {
    var group: (left: [DiffHunk], right: [DiffHunk], end: Int) = ([], [], start)
    while true {
      if let hunk = left.first, hunk.old.lowerBound <= group.end {
        group.left.append(left.removeFirst())
        group.end = max(group.end, hunk.old.upperBound)
      } else if let hunk = right.first, hunk.old.lowerBound <= group.end {
        group.right.append(right.removeFirst())
        group.end = max(group.end, hunk.old.upperBound)
      } else {
        return group
      }
    }
  }

  /// What a side made of this region of the base.
  private static func side(_ hunks: [DiffHunk], of side: [Int], base: [Int], _ region: Range<Int>) -> [Int] {
    guard let first = hunks.first, let last = hunks.last else { return Array(base[region]) }
    let lower = first.new.lowerBound - (first.old.lowerBound - region.lowerBound)
    let upper = last.new.upperBound + (region.upperBound - last.old.upperBound)
    return Array(side[lower..<upper])
  }
}
