// No memory images of this program: they would hold keys, and what people wrote.
import Glibc

enum CoreDump {
  /// Best effort: where the limit cannot be set the program runs all the same. The unit in docs/OPERATIONS.md forbids the call,
  /// and sets the limit itself.
  static func forbid() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
