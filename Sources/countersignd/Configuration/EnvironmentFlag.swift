// Flags that may also come from the environment; what stands on the command line wins.
import Foundation

enum EnvironmentFlag {
  /// `--tls-cert` is COUNTERSIGND_TLS_CERT. An empty variable counts as none.
  static func value(_ given: String?, _ name: String) -> String? {
    if let given { return given }
    let variable = "COUNTERSIGND_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
    guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else { return nil }
    return value
  }

  static func isSet(_ given: Bool, _ name: String) throws -> Bool {
    if given { return true }
    switch value(nil, name)?.lowercased() {
    case nil, "0", "no", "false": return false
    case "1", "yes", "true": return true
    default:
      throw ConfigurationError("COUNTERSIGND_\(name.uppercased().replacingOccurrences(of: "-", with: "_")) must be 1 or 0.")
    }
  }
}
