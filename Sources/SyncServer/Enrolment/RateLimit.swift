// How often one address may ask: a bucket that refills, for each address, and a bound on how many are remembered.
import Synchronization

package final class RateLimit: Sendable {
  private struct Bucket {
    var tokens: Double
    var atMilliseconds: UInt64
  }

  private static let addressLimit = 10_000

  private let capacity: Double
  private let tokensASecond: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  package init(capacity: Double, tokensASecond: Double) {
    self.capacity = capacity
    self.tokensASecond = tokensASecond
  }

  /// Takes a token; nil if there was one, otherwise how long to wait for the next.
  package func wait(for address: String, nowMilliseconds: UInt64) -> UInt64? {
    buckets.withLock { buckets in
      // Whoever is forgotten starts with a full bucket, so only full ones are forgotten before the bound is reached.
      if buckets.count >= Self.addressLimit { buckets.removeAll() }
      var bucket = buckets[address] ?? Bucket(tokens: capacity, atMilliseconds: nowMilliseconds)
      let elapsed = Double(nowMilliseconds >= bucket.atMilliseconds ? nowMilliseconds - bucket.atMilliseconds : 0) / 1_000
      bucket.tokens = min(capacity, bucket.tokens + elapsed * tokensASecond)
      bucket.atMilliseconds = nowMilliseconds
      defer { buckets[address] = bucket }
      guard bucket.tokens >= 1 else { return UInt64((1 - bucket.tokens) / tokensASecond * 1_000) + 1 }
      bucket.tokens -= 1
      return nil
    }
  }
}
