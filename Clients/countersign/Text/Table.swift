// Rows in columns that fit the terminal: what matters least goes first, and one column takes the room that is left.

/// A table of short texts. Cells are expected to be safe already.
struct Table {
  /// One column.
  struct Column {
    var title: String
    /// 0 stays always; of the others the highest goes first when the terminal is narrow.
    var dropOrder = 0
    /// Takes the room that is left; its texts are cut to it.
    var isFlexible = false
    var isRightAligned = false
  }

  /// A cell's text and how it is set off.
  struct Cell: ExpressibleByStringLiteral {
    var text: String
    var style: TextStyle = .plain

    init(_ text: String, _ style: TextStyle = .plain) {
      self.text = text
      self.style = style
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  static let gap = 2
  /// What a flexible column needs before another column is given up for it.
  static let flexibleMinimum = 20

  private static let openWidth = 1_000_000

  var columns: [Column]
  var rows: [[Cell]] = []

  /// How wide the columns are that are shown; makes lines of rows, also of rows that were not there to be measured.
  struct Layout {
    fileprivate let table: Table
    fileprivate let widths: [Int]
    fileprivate let kept: [Int]
    fileprivate let isCut: Bool
    fileprivate let palette: Palette
    /// Nil unless it was asked for.
    let titles: String?

    func line(_ row: [Cell]) -> String { table.line(row, widths: widths, kept: kept, isCut: isCut, palette: palette) }
  }

  /// The lines; `width` nil means that nothing is cut. Titles stand above only if asked for.
  func lines(width: Int?, palette: Palette, hasTitles: Bool) -> [String] {
    let layout = layout(width: width, palette: palette, hasTitles: hasTitles)
    return (layout.titles.map { [$0] } ?? []) + rows.map(layout.line)
  }

  /// Measured by the rows that are there: among them is every width that is to come, but for the last column's.
  func layout(width: Int?, palette: Palette, hasTitles: Bool) -> Layout {
    var widths = naturalWidths(hasTitles: hasTitles)
    let kept = keptColumns(widths, width: width)
    fitFlexible(&widths, kept: kept, width: width)
    let titles = columns.map { Cell($0.title, .dim) }
    let table = Table(columns: columns)
    return Layout(
      table: table, widths: widths, kept: kept, isCut: width != nil, palette: palette,
      titles: hasTitles ? table.line(titles, widths: widths, kept: kept, isCut: width != nil, palette: palette) : nil)
  }

  /// The last column takes what is left and is not padded, so nobody needs to measure it.
  private func isOpen(_ index: Int) -> Bool { index == columns.count - 1 && columns[index].isFlexible }

  private func naturalWidths(hasTitles: Bool) -> [Int] {
    var widths = columns.indices.map { isOpen($0) ? Self.openWidth : hasTitles ? DisplayWidth.of(columns[$0].title) : 0 }
    for row in rows {
      for (index, cell) in row.enumerated() where index < widths.count && !isOpen(index) {
        widths[index] = max(widths[index], DisplayWidth.of(cell.text))
      }
    }
    return widths
  }

  /// Indexes of the columns that fit beside a useful flexible column. Empty columns are left out.
  private func keptColumns(_ widths: [Int], width: Int?) -> [Int] {
    var kept = columns.indices.filter { widths[$0] > 0 || columns[$0].isFlexible }
    guard let width else { return kept }
    func needed() -> Int {
      let cells = kept.map { columns[$0].isFlexible ? min(widths[$0], Self.flexibleMinimum) : widths[$0] }
      return cells.reduce(0, +) + Self.gap * max(0, kept.count - 1)
    }
    while needed() > width {
      guard let last = kept.max(by: { columns[$0].dropOrder < columns[$1].dropOrder }), columns[last].dropOrder > 0 else {
        break
      }
      kept.removeAll { $0 == last }
    }
    return kept
  }

  private func fitFlexible(_ widths: inout [Int], kept: [Int], width: Int?) {
    guard let width else { return }
    let fixed = kept.filter { !columns[$0].isFlexible }.map { widths[$0] }.reduce(0, +) + Self.gap * max(0, kept.count - 1)
    for index in kept where columns[index].isFlexible { widths[index] = min(widths[index], max(8, width - fixed)) }
  }

  fileprivate func line(_ row: [Cell], widths: [Int], kept: [Int], isCut: Bool, palette: Palette) -> String {
    var result = ""
    result.reserveCapacity(row.reduce(64) { $0 + $1.text.utf8.count })
    for (place, index) in kept.enumerated() where index < row.count {
      let cell = row[index]
      let isCutHere = isCut && columns[index].isFlexible
      let text = isCutHere ? DisplayWidth.truncated(cell.text, to: widths[index]) : cell.text
      let isLast = place == kept.count - 1
      let isRight = columns[index].isRightAligned
      let spaces = isLast && !isRight ? 0 : max(0, widths[index] - DisplayWidth.of(text))
      let padding = String(repeating: " ", count: spaces)
      result += (isRight ? padding : "") + palette.paint(text, cell.style) + (isRight || isLast ? "" : padding)
      if !isLast { result += String(repeating: " ", count: Self.gap) }
    }
    while result.utf8.last == 0x20 { result.removeLast() }
    return result
  }
}
