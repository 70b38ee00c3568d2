// The one source of chance in a run: everything that varies is drawn from it, in the order of events.
import ReviewModel
import Trust

/// SplitMix64: small, fast, and the same on every machine.
final class SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Another source that goes its own way from here: what one part of a run draws does not disturb the others.
  func fork() -> SeededRandom { SeededRandom(seed: next()) }

  /// 0 to `limit` - 1; 0 for an empty range.
  func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }

  func between(_ low: UInt64, _ high: UInt64) -> UInt64 { high > low ? low + next() % (high - low + 1) : low }

  func chance(permille: Int) -> Bool { below(1_000) < permille }

  func pick<Element>(_ elements: [Element]) -> Element? { elements.isEmpty ? nil : elements[below(elements.count)] }

  func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

  func identifier<Kind>() -> Identifier<Kind> { Identifier(bytes(Identifier<Kind>.byteCount)) ?? .zero }

  func digest() -> Digest { Digest(bytes(Digest.byteCount)) ?? .zero }

  func key() -> SigningKey {
    guard let key = SigningKey(seed: bytes(SigningKey.seedByteCount)) else { preconditionFailure("32 bytes are a seed") }
    return key
  }
}
