// The layers of the house: which target stands on which floor, what it may stand on, and what it may import
// from the system. A new target or a new need is a conscious line here, and in docs/decisions/.

/// Checks Package.swift and every import against the table of layers.
enum LayerRules {
  /// The floor of every target; dependencies point strictly down.
  static let floors: [String: Int] = [
    "CSodium": 0, "CWebSockets": 0, "CSQLite": 0, "CCurl": 0,
    "Trust": 1,
    "ReviewModel": 2,
    "ReviewRules": 3, "SyncProtocol": 3, "Storage": 3, "Transport": 3,
    "SyncEngine": 4, "StorageSQLite": 4, "TransportWebSocket": 4, "OutboundHTTP": 4,
    "SyncServer": 5, "ClientCore": 5, "ProcessHarness": 5, "RawSockets": 5, "SeededInput": 5,
    "countersignd": 6, "countersign": 6, "bench": 6, "SimulationKit": 6, "simulate": 7,
    "FuzzTargets": 6, "fuzz": 7, "TortureKit": 6, "torture": 7,
  ]
  static let testFloor = 8

  /// Who alone may use a module that wraps the outside world.
  static let onlyUsers: [String: Set<String>] = [
    "CSodium": ["Trust"],
    "CWebSockets": ["TransportWebSocket"],
    "CSQLite": ["StorageSQLite"],
    "CCurl": ["OutboundHTTP"],
    "GRDB": ["StorageSQLite", "StorageConformance", "TortureKit"],
    "SwiftProtobuf": ["SyncProtocol", "ReviewModelTests", "SyncProtocolTests"],
    "ArgumentParser": ["countersignd", "countersign", "simulate", "torture"],
    "UnixSignals": ["countersignd"],
  ]

  /// Adapters: the logic below the programs knows only the protocols they implement.
  static let adapters: Set<String> = ["StorageSQLite", "TransportWebSocket", "OutboundHTTP"]

  /// System modules by target; what is not listed may use all of `systemModules`.
  static let systemModulesOf: [String: Set<String>] = [
    "Trust": ["Synchronization"],
    "ReviewModel": [],
    "ReviewRules": [],
    "SyncEngine": [],
    "SyncProtocol": ["Foundation", "FoundationEssentials"],
    "Storage": ["Synchronization"],
    "Transport": ["Synchronization"],
    "SyncServer": ["Foundation", "FoundationEssentials", "Synchronization", "Dispatch"],
    "ClientCore": ["Foundation", "FoundationEssentials", "Synchronization"],
  ]
  static let systemModules: Set<String> = [
    "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Testing",
  ]

  static func floor(of target: ManifestTarget) -> Int? { target.kind == .tests ? testFloor : floors[target.name] }

  static func violations(in manifest: Manifest) -> [Violation] {
    var result: [Violation] = []
    func report(_ sentence: String) { result.append(Violation(path: "Package.swift", line: 0, remedy: sentence)) }
    let byName = Dictionary(manifest.targets.map { ($0.name, $0) }) { first, _ in first }
    for target in manifest.targets {
      guard let floor = floor(of: target) else {
        report("\(target.name) has no layer; give it one in LayerRules.floors and a line in docs/decisions/")
        continue
      }
      for name in target.dependencies {
        if let users = onlyUsers[name], !users.contains(target.name) {
          report("\(target.name) depends on \(name), which only \(users.sorted().joined(separator: ", ")) may use")
        }
        if adapters.contains(name) && floor < 6 {
          report("\(target.name) depends on the adapter \(name); depend on its protocol, and let a program bring the adapter")
        }
        guard let dependency = byName[name], let below = self.floor(of: dependency) else { continue }
        if below >= floor {
          report("\(target.name) (layer \(floor)) depends on \(name) (layer \(below)); dependencies point strictly down")
        }
      }
    }
    return result
  }

  static func violations(in source: SourceText, manifest: Manifest) -> [Violation] {
    guard let target = manifest.owner(of: source.path) else {
      return [Violation(path: source.path, line: 0, remedy: "no target in Package.swift owns this file; move it into one")]
    }
    let system = systemModulesOf[target.name] ?? systemModules
    return imports(in: source).compactMap { line, module in
      if target.dependencies.contains(module) || system.contains(module) { return nil }
      let reason =
        systemModules.contains(module)
        ? "\(target.name) must not import \(module): take time, files and locks from the layer above, as parameters"
        : "\(target.name) imports \(module) without declaring it in Package.swift"
      return Violation(path: source.path, line: line, remedy: reason)
    }
  }

  /// The modules a file imports, with line numbers; `import struct A.B` is an import of A.
  static func imports(in source: SourceText) -> [(line: Int, module: String)] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    return source.code.enumerated().compactMap { index, text in
      guard text.contains("import") else { return nil }
      let words = text.split(separator: " ")
      guard let keyword = words.firstIndex(of: "import"),
        words[..<keyword].allSatisfy({ $0.hasPrefix("@") || ["public", "package", "internal", "private"].contains($0) })
      else { return nil }
      let name = words[(keyword + 1)...].first { !kinds.contains($0) }
      return name.flatMap { $0.split(separator: ".").first }.map { (index + 1, String($0)) }
    }
  }
}
