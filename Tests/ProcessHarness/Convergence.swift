// The promise that is checked at the end of every play: devices equal the server byte for byte, and everything is proved.

package enum Convergence {
  /// What does not hold, in sentences; empty when everything does.
  package static func findings(_ laptops: [Laptop], _ practice: Practice) async throws -> [String] {
    var findings: [String] = []
    for laptop in laptops {
      let report = try await laptop.json(["sync"])
      if report["unsent"]?.int != 0 { findings.append("\(laptop.name) has unsent changes") }
    }
    for laptop in laptops { findings += try await self.findings(laptop, practice) }
    let verified = try await practice.verify()
    if try verified.exitCode != 0 || verified.json()["ok"]?.bool != true {
      findings.append("countersignd verify: \(verified.output) \(verified.errors)")
    }
    return findings
  }

  private static func findings(_ laptop: Laptop, _ practice: Practice) async throws -> [String] {
    var findings: [String] = []
    _ = try await laptop.json(["sync"])
    guard let member = try await laptop.json(["status"])["member_id"]?.string else {
      return ["\(laptop.name): status names no member"]
    }
    let (mine, theirs) = (try await laptop.export(), try await practice.export(for: member))
    if !theirs.values.contains(where: { !$0.isEmpty }) { findings.append("the server has nothing for \(laptop.name)") }
    if mine != theirs { findings.append("\(laptop.name) differs from the server: \(firstDifference(mine, theirs))") }
    let audit = try await laptop.run(["audit", "verify", "--json"])
    let report = try audit.json()
    if audit.exitCode != 0 || report["ok"]?.bool != true || (report["signatures_checked"]?.int ?? 0) == 0 {
      findings.append("\(laptop.name): audit verify: \(audit.output) \(audit.errors)")
    }
    return findings
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
