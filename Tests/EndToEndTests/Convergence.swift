// The promise that is checked at the end of every play: devices equal the server byte for byte, and everything is proved.
import Foundation
import ProcessHarness
import Testing

enum Convergence {
  static func check(_ laptops: [Laptop], _ practice: Practice) async throws {
    for laptop in laptops {
      let report = try await laptop.json(["sync"])
      #expect(report["unsent"]?.int == 0, "\(laptop.name) has unsent changes")
    }
    for laptop in laptops {
      _ = try await laptop.json(["sync"])
      let member = try #require(try await laptop.json(["status"])["member_id"]?.string)
      let (mine, theirs) = (try await laptop.export(), try await practice.export(for: member))
      #expect(!theirs.isEmpty && theirs.values.contains { !$0.isEmpty })
      #expect(mine == theirs, "\(laptop.name) differs from the server: \(firstDifference(mine, theirs))")
      let audit = try await laptop.run(["audit", "verify", "--json"])
      #expect(audit.exitCode == 0, "\(laptop.name): \(audit.output) \(audit.errors)")
      #expect(try audit.json()["ok"]?.bool == true)
      #expect((try audit.json()["signatures_checked"]?.int ?? 0) > 0)
    }
    let verified = try await practice.verify()
    #expect(verified.exitCode == 0, "\(verified.output) \(verified.errors)")
    #expect(try verified.json()["ok"]?.bool == true)
  }

  private static func firstDifference(_ left: [String: String], _ right: [String: String]) -> String {
    for name in Set(left.keys).union(right.keys).sorted() {
      let (mine, theirs) = ((left[name] ?? "").split(separator: "\n"), (right[name] ?? "").split(separator: "\n"))
      if mine.count != theirs.count { return "\(name): \(mine.count) lines here, \(theirs.count) there" }
      for (line, other) in zip(mine, theirs) where line != other {
        return "\(name): \(line.prefix(300)) | \(other.prefix(300))"
      }
    }
    return "nothing"
  }
}
