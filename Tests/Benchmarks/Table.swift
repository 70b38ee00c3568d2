// The figures of one run: each line the minimum, median and maximum of its samples.
import Foundation

struct Table {
  struct Line {
    var name: String
    var unit: String
    var samples: [Double]
    /// What the figure is held against, with that figure.
    var limit: (name: String, value: Double)?
    /// What we want it to be at most (milliseconds) or at least (rates).
    var aim: Double?

    var median: Double { samples.sorted()[samples.count / 2] }
  }

  private(set) var lines: [Line] = []

  mutating func add(_ name: String, _ samples: [Double], unit: String, against limit: String? = nil, aim: Double? = nil) {
    let found = limit.flatMap { wanted in lines.first { $0.name == wanted } }
    lines.append(Line(name: name, unit: unit, samples: samples, limit: found.map { ($0.name, $0.median) }, aim: aim))
  }

  var text: String {
    let head = Self.row("what", "min", "median", "max", "unit", "ratio to the limit / aim")
    return ([head] + lines.map(Self.row)).joined(separator: "\n")
  }

  private static func row(_ line: Line) -> String {
    let ratio = line.limit.map { String(format: "%.2f × %@", line.median / $0.value, $0.name) }
    let aim = line.aim.map { "aim \(Int($0))" }
    return row(
      line.name, figure(line.samples.min() ?? 0), figure(line.median), figure(line.samples.max() ?? 0), line.unit,
      [ratio, aim].compactMap { $0 }.joined(separator: ", "))
  }

  private static func row(_ cells: String...) -> String {
    zip(cells, [44, 11, 11, 11, 8, 0]).map { cell, width in
      cell + String(repeating: " ", count: max(1, width - cell.count))
    }.joined()
  }

  private static func figure(_ value: Double) -> String {
    value >= 1_000 ? String(Int(value)) : String(format: "%.2f", value)
  }

  var json: String {
    let objects = lines.map { line -> String in
      let samples = line.samples.map { String(format: "%.3f", $0) }.joined(separator: ",")
      return """
        {"name":"\(line.name)","unit":"\(line.unit)","median":\(String(format: "%.3f", line.median)),"samples":[\(samples)]}
        """
    }
    return "[" + objects.joined(separator: ",\n") + "]\n"
  }
}
