// How often one address may ask: a bucket that refills, for each address, and a bound on how many are remembered.
import Synchronization

package final class RateLimit: Sendable {
  private struct Bucket {
    var tokens: Double
    var atMilliseconds: UInt64
  }

  private struct Memory {
    var buckets: [String: Bucket] = [:]
    /// Until then no bucket is full again, so that looking for one would be in vain.
    var noneFullUntilMilliseconds: UInt64 = 0
  }

  private let capacity: Double
  private let tokensASecond: Double
  private let addressLimit: Int
  private let memory = Mutex(Memory())

  /// - Parameter addressLimit: how many addresses are remembered at most.
  package init(capacity: Double, tokensASecond: Double, addressLimit: Int = 10_000) {
    self.capacity = capacity
    self.tokensASecond = tokensASecond
    self.addressLimit = addressLimit
  }

  /// Takes a token; nil if there was one, otherwise how long to wait for the next.
  package func wait(for address: String, nowMilliseconds: UInt64) -> UInt64? {
    memory.withLock { memory in
      if memory.buckets[address] == nil, let wait = makeRoom(in: &memory, nowMilliseconds: nowMilliseconds) { return wait }
      var bucket = memory.buckets[address] ?? Bucket(tokens: capacity, atMilliseconds: nowMilliseconds)
      let elapsed = Double(nowMilliseconds >= bucket.atMilliseconds ? nowMilliseconds - bucket.atMilliseconds : 0) / 1_000
      bucket.tokens = min(capacity, bucket.tokens + elapsed * tokensASecond)
      bucket.atMilliseconds = nowMilliseconds
      defer { memory.buckets[address] = bucket }
      guard bucket.tokens >= 1 else { return UInt64((1 - bucket.tokens) / tokensASecond * 1_000) + 1 }
      bucket.tokens -= 1
      return nil
    }
  }

  /// Whoever is forgotten starts with a full bucket, so only full ones are forgotten. While there are none, a new address
  /// waits: otherwise who has many addresses would have every limit forgotten, their own too.
  ///
  /// - Returns: how long to wait for room; nil if there is some.
  private func makeRoom(in memory: inout Memory, nowMilliseconds: UInt64) -> UInt64? {
    guard memory.buckets.count >= addressLimit else { return nil }
    if nowMilliseconds >= memory.noneFullUntilMilliseconds {
      memory.buckets = memory.buckets.filter { fullAt($0.value) > nowMilliseconds }
      guard memory.buckets.count >= addressLimit else { return nil }
      memory.noneFullUntilMilliseconds = memory.buckets.values.map(fullAt).min() ?? nowMilliseconds
    }
    return memory.noneFullUntilMilliseconds - nowMilliseconds
  }

  private func fullAt(_ bucket: Bucket) -> UInt64 {
    bucket.atMilliseconds + UInt64(((capacity - bucket.tokens) / tokensASecond * 1_000).rounded(.up))
  }
}
