// The files of a tenant, as somebody who restores an old copy moves them.
import Foundation

enum TenantFiles {
  /// Puts the files of the tenant into another folder, instead of those that are there.
  static func copy(_ tenant: String, from source: String, to target: String) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: target) where name.hasPrefix(tenant) {
      try files.removeItem(atPath: target + "/" + name)
    }
    for name in try files.contentsOfDirectory(atPath: source) where name.hasPrefix(tenant) {
      try files.copyItem(atPath: source + "/" + name, toPath: target + "/" + name)
    }
  }
}
