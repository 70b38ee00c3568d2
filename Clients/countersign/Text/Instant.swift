// Times as people say them: read from RFC 3339, shown as "2 h ago" or in the local zone.
import Glibc

/// A moment, in milliseconds since 1970.
struct Instant: Sendable, Comparable {
  var milliseconds: Int64

  static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

  /// `2026-03-04T05:06:07Z`, with a fraction or an offset if need be; nil for anything else.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      bytes[range].reduce(Int64?(0)) { sum, byte in
        (0x30...0x39).contains(byte) ? sum.map { $0 * 10 + Int64(byte - 0x30) } : nil
      }
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var rest = bytes[19...]
    var fraction: Int64 = 0
    if rest.first == 0x2E {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      fraction = Int64(String(decoding: (digits + [0x30, 0x30, 0x30]).prefix(3), as: UTF8.self)) ?? 0
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = Self.offsetMinutes(Array(rest)) else { return nil }
    let seconds = Self.days(year, month, day) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second
    milliseconds = seconds * 1_000 + fraction
  }

  init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// How long ago, in one unit: `just now`, `5 min ago`, `2 h ago`, `3 d ago`, then the date.
  func relative(to now: Instant) -> String {
    let seconds = (now.milliseconds - milliseconds) / 1_000
    switch seconds {
    case ..<(-90): return "in the future (\(local))"
    case ..<60: return "just now"
    case ..<3_600: return "\(seconds / 60) min ago"
    case ..<172_800: return "\(seconds / 3_600) h ago"
    case ..<2_592_000: return "\(seconds / 86_400) d ago"
    default: return String(local.prefix(10))
    }
  }

  /// `2026-03-04 05:06` in the local zone.
  var local: String {
    var seconds = time_t(milliseconds / 1_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) \(two(parts.tm_hour)):\(two(parts.tm_min))"
  }

  /// `Z`, `+02:00` or `-05:30`.
  private static func offsetMinutes(_ bytes: [UInt8]) -> Int64? {
    if bytes == [0x5A] || bytes == [0x7A] { return 0 }
    guard bytes.count == 6, bytes[0] == 0x2B || bytes[0] == 0x2D, bytes[3] == 0x3A,
      let hours = Int64(String(decoding: bytes[1..<3], as: UTF8.self)),
      let minutes = Int64(String(decoding: bytes[4..<6], as: UTF8.self))
    else { return nil }
    return (hours * 60 + minutes) * (bytes[0] == 0x2D ? -1 : 1)
  }

  /// Days since 1970 of a date in the Gregorian calendar, counted in years that begin in March.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

/// A span of time in one unit: `850 ms`, `12 s`, `3 min`.
func spanText(milliseconds: Int64) -> String {
  switch milliseconds.magnitude {
  case ..<1_000: "\(milliseconds) ms"
  case ..<120_000: "\(milliseconds / 1_000) s"
  case ..<7_200_000: "\(milliseconds / 60_000) min"
  default: "\(milliseconds / 3_600_000) h"
  }
}
