// Ids of 16 random bytes, one type for each kind of thing so that they cannot be mixed up.

/// 16 bytes that name one thing for ever. Chosen by whoever makes the thing, kept when a mutation is signed again.
package struct Identifier<Kind>: FixedBytes, Comparable, CustomStringConvertible {
  package static var byteCount: Int { 16 }

  private let high: UInt64
  private let low: UInt64

  package static var zero: Identifier { Identifier(high: 0, low: 0) }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// From 16 bytes that are lent for the call; nil if there are not as many.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    // Safe: both words lie within the 16 bytes.
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// From 32 hexadecimal digits.
  package init?(hex: some StringProtocol) {
    let digits = hex.utf8
    guard digits.count == 2 * Self.byteCount else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for digit in digits {
      guard let value = Self.value(of: digit) else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | value
    }
    self.init(high: high, low: low)
  }

  private static func value(of digit: UInt8) -> UInt64? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  package var bytes: [UInt8] {
    // Safe: the words live for the whole closure, and any memory may be read as bytes.
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { [UInt8]($0) }
  }

  /// 32 lower-case hexadecimal digits.
  package var hex: String {
    // Safe: the string lends room for at least 32 digits, and each of them is written.
    String(unsafeUninitializedCapacity: 2 * Self.byteCount) { text in
      for place in 0..<2 * Self.byteCount {
        let word = place < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place % 16))) & 15
        text.initializeElement(at: place, to: digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
      return 2 * Self.byteCount
    }
  }

  package var description: String { hex }

  package static func < (left: Identifier, right: Identifier) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

package enum TenantKind {}
package enum MemberKind {}
package enum MutationKind {}
package enum CampaignKind {}
package enum ItemKind {}
package enum SubjectKind {}
package enum DecisionKind {}
package enum ThreadKind {}
package enum CommentKind {}
package enum BatchKind {}
package enum PauseKind {}
package enum EpochKind {}

package typealias TenantID = Identifier<TenantKind>
package typealias MemberID = Identifier<MemberKind>
package typealias MutationID = Identifier<MutationKind>
package typealias CampaignID = Identifier<CampaignKind>
package typealias ItemID = Identifier<ItemKind>
package typealias SubjectID = Identifier<SubjectKind>
package typealias DecisionID = Identifier<DecisionKind>
package typealias ThreadID = Identifier<ThreadKind>
package typealias CommentID = Identifier<CommentKind>
package typealias BatchID = Identifier<BatchKind>
package typealias PauseID = Identifier<PauseKind>
package typealias EpochID = Identifier<EpochKind>
