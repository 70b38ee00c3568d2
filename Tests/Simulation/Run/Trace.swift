// What happened, line by line: printed when somebody reads along, and always summed up, so that two runs of one seed can be
// compared without keeping them.

final class Trace {
  private let isKept: Bool
  private let sink: ((String) -> Void)?
  /// FNV-1a over all lines.
  private(set) var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var lines: [String] = []

  /// - Parameters:
  ///   - isKept: whether the lines are kept for a comparison.
  ///   - sink: who reads along.
  init(isKept: Bool, sink: ((String) -> Void)?) {
    self.isKept = isKept
    self.sink = sink
  }

  func note(_ now: UInt64, _ who: String, _ what: @autoclosure () -> String) {
    let isRead = isKept || sink != nil
    mix(now)
    for byte in who.utf8 { mix(UInt64(byte)) }
    guard isRead else { return }
    let line = "\(Self.time(now)) \(who): \(what())"
    if isKept { lines.append(line) }
    sink?(line)
  }

  private func mix(_ value: UInt64) { fingerprint = (fingerprint ^ value) &* 0x0000_0100_0000_01B3 }

  /// `2d 03:04:05.678`
  static func time(_ milliseconds: UInt64) -> String {
    func padded(_ value: UInt64, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let seconds = milliseconds / 1_000
    return "\(seconds / 86_400)d \(padded(seconds / 3_600 % 24, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
      + ".\(padded(milliseconds % 1_000, 3))"
  }
}
