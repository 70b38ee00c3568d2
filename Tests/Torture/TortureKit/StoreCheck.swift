// Every database file by SQLite's own check, when nobody has it open any more.
import Foundation
import GRDB

enum StoreCheck {
  /// What SQLite says against the files below a folder; empty if all are whole.
  static func findings(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".sqlite") }.sorted().compactMap { name in
      do {
        let queue = try DatabaseQueue(path: folder + "/" + name)
        let answer = try queue.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        try queue.close()
        return answer == ["ok"] ? nil : "\(name): integrity_check says \(answer.prefix(3))"
      } catch {
        return "\(name): \(error)"
      }
    }
  }
}
