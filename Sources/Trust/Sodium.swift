// Starts libsodium exactly once for the whole process. Nothing outside this target may call the library.
import CSodium

enum Sodium {
  private static let isStarted: Bool = sodium_init() >= 0

  /// Must come before the first use of the library. It fails only where the system has no source of randomness,
  /// and no secret may be made on such a system.
  static func start() {
    precondition(isStarted, "libsodium could not start: the system offers no source of randomness")
  }
}
