// Unpredictable bytes for keys, nonces and salts. Pure code never calls this: it takes randomness as a parameter.
import CSodium

package enum RandomBytes {
  /// `count` unpredictable bytes from the system's generator.
  package static func make(count: Int) -> [UInt8] {
    Sodium.start()
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, count)
    return bytes
  }
}
