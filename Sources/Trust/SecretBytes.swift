// A box for secret bytes: one copy in memory, wiped when the last holder lets go.
import CSodium

/// The guard of `@unchecked Sendable`: the memory is written in `init` only, before anybody else can see the box,
/// and wiped in `deinit`, after everybody has let go of it.
final class SecretBytes: @unchecked Sendable {
  let count: Int
  private let memory: UnsafeMutablePointer<UInt8>

  /// `fill` writes the secret into `count` zeroed bytes.
  init(count: Int, fill: (UnsafeMutablePointer<UInt8>) -> Void) {
    Sodium.start()
    self.count = count
    memory = .allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
    fill(memory)
  }

  convenience init(_ bytes: [UInt8]) {
    // Safe: both sides are `bytes.count` long and cannot overlap.
    self.init(count: bytes.count) { $0.update(from: bytes, count: bytes.count) }
  }

  /// Lends the `count` secret bytes; the pointer must not leave the closure. Safe: the box outlives the closure.
  func withPointer<Answer>(_ body: (UnsafePointer<UInt8>) throws -> Answer) rethrows -> Answer {
    try withExtendedLifetime(self) { try body(UnsafePointer(memory)) }
  }

  /// A copy of the first bytes that the caller must look after.
  func copy(first byteCount: Int) -> [UInt8] {
    // Safe: never more than the box holds.
    withPointer { [UInt8](UnsafeBufferPointer(start: $0, count: min(byteCount, count))) }
  }

  /// In a time that does not depend on where the secrets differ.
  func isEqual(to other: SecretBytes) -> Bool {
    guard count == other.count else { return false }
    // Safe: both boxes hold `count` bytes.
    return withPointer { mine in other.withPointer { sodium_memcmp(mine, $0, count) == 0 } }
  }

  deinit {
    sodium_memzero(memory, count)
    memory.deallocate()
  }
}
