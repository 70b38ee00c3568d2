// Programs of several ages: what each of them speaks. The versions beyond today's are played by today's code under another
// number: what is tested is how the sides agree, not what a later version will say.
import SyncProtocol

enum SimulatedVersions: Sendable, CaseIterable {
  /// Today's program.
  case common
  /// Speaks today's version and the next.
  case newer
  /// Speaks the next version only.
  case onlyNewer

  var range: ClosedRange<UInt32> {
    let now = ProtocolVersion.current
    switch self {
    case .common: return ProtocolVersion.minimum...now
    case .newer: return ProtocolVersion.minimum...now + 1
    case .onlyNewer: return now + 1...now + 1
    }
  }

  func meets(_ other: SimulatedVersions) -> Bool { range.overlaps(other.range) }
}
