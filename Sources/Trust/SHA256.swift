// SHA-256: the one content hash of the project.
import CSodium

package enum SHA256 {
  package static func hash(_ bytes: [UInt8]) -> Digest {
    var stream = SHA256Stream()
    stream.update(bytes)
    return stream.finish()
  }

  /// The hash of the slices one after another, without joining them in memory. Boundaries do not count.
  package static func hash(_ slices: [[UInt8]]) -> Digest {
    var stream = SHA256Stream()
    for slice in slices { stream.update(slice) }
    return stream.finish()
  }
}

/// SHA-256 of bytes that come piece by piece.
package struct SHA256Stream: ~Copyable {
  private var state = crypto_hash_sha256_state()

  package init() {
    crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: [UInt8]) {
    crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
  }

  package mutating func update(_ byte: UInt8) {
    var byte = byte
    crypto_hash_sha256_update(&state, &byte, 1)
  }

  package mutating func update(_ digest: Digest) {
    // Safe: the digest lends its 32 bytes for the call.
    digest.withBytePointer { bytes in
      _ = crypto_hash_sha256_update(&state, bytes, UInt64(Digest.byteCount))
    }
  }

  package consuming func finish() -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    // Safe: the tuple is exactly the 32 bytes that the function writes, and any memory may be written as bytes.
    withUnsafeMutablePointer(to: &words) { pointer in
      pointer.withMemoryRebound(to: UInt8.self, capacity: Digest.byteCount) { bytes in
        _ = crypto_hash_sha256_final(&state, bytes)
      }
    }
    return Digest(words: words)
  }
}
