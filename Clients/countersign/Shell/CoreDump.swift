// No memory images of this program: they would hold keys, passphrases, and what people wrote.
import Glibc

/// What is left of a program that crashes.
enum CoreDump {
  /// Best effort: where the limit cannot be set the program runs all the same, as it would have without this.
  static func forbid() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
