// swift-tools-version: 6.1
// The layers of the house, lowest first. A target may depend on lower layers only;
// docs/ARCHITECTURE.md says what each one is for, and Tests/TidyTests holds both to it.
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-warnings-as-errors"]),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
// SQLite itself. StorageSQLite reads the columns of a row without a detour; the simulator gives it a disk.
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let ordered = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")

func library(_ name: String, in path: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict)
}

func program(
  _ name: String, in path: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let layers: [Target] = [
  // L0: C libraries, as module maps and shims; no logic.
  .systemLibrary(name: "CSodium", path: "Sources/C/CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
  .systemLibrary(
    name: "CWebSockets", path: "Sources/C/CWebSockets", pkgConfig: "libwebsockets",
    providers: [.apt(["libwebsockets-dev", "libwebsockets-evlib-uv", "libuv1-dev", "libssl-dev"])]),
  .systemLibrary(name: "CSQLite", path: "Sources/C/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
  // Loaded when it is first used, so it is no library of the linker's.
  .target(name: "CCurl", path: "Sources/C/CCurl"),

  // L1: keys, digests, signatures, the Merkle log.
  library("Trust", in: "Sources/Trust", ["CSodium"]),

  // L2: values.
  library("ReviewModel", in: "Sources/ReviewModel", ["Trust"]),

  // L3: rules, the wire, and what a store and a pipe must do.
  library("ReviewRules", in: "Sources/ReviewRules", ["ReviewModel", "Trust"]),
  library("SyncProtocol", in: "SyncProtocol/Wire", ["ReviewModel", "Trust", protobuf]),
  library("Storage", in: "Sources/Storage", ["ReviewModel", "Trust"]),
  library("Transport", in: "Sources/Transport", []),

  // L4: the pure sync machines, and the adapters.
  library("SyncEngine", in: "Sources/SyncEngine", ["ReviewRules", "SyncProtocol", "Storage", "ReviewModel", "Trust", deque]),
  library("StorageSQLite", in: "Sources/StorageSQLite", ["CSQLite", "Storage", "ReviewModel", "Trust", grdb, sqlite]),
  library("TransportWebSocket", in: "Sources/TransportWebSocket", ["CWebSockets", "Transport", logging]),
  library("OutboundHTTP", in: "Sources/OutboundHTTP", ["CCurl", "Transport"]),

  // L5: the server's logic and the client core, against the L3 protocols only.
  library(
    "SyncServer", in: "Sources/SyncServer",
    ["SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "Transport", "ReviewModel", "Trust", logging, metrics, lifecycle]),
  library(
    "ClientCore", in: "Clients/ClientCore",
    ["SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "Transport", "ReviewModel", "Trust"]),

  // L6: the programs. Only they put the adapters into the logic.
  program(
    "countersignd", in: "Sources/countersignd",
    [
      "SyncServer", "StorageSQLite", "TransportWebSocket", "Storage", "Transport", "ReviewModel", "Trust",
      argumentParser, logging, metrics, lifecycle, unixSignals,
    ]),
  program(
    "countersign", in: "Clients/countersign",
    [
      "ClientCore", "StorageSQLite", "TransportWebSocket", "OutboundHTTP", "Storage", "Transport", "ReviewModel", "Trust",
      argumentParser,
    ]),

  // What end-to-end tests and benchmarks share: running the real programs.
  library("ProcessHarness", in: "Tests/ProcessHarness", []),
  // Bare sockets, for peers that break the rules.
  library("RawSockets", in: "Tests/RawSockets", []),
  // Chance and damage that can be played again.
  library("SeededInput", in: "Tests/SeededInput", []),
  // The simulator: the real machines, rules and stores in virtual time.
  library(
    "SimulationKit", in: "Tests/Simulation",
    [
      "SyncServer", "SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "StorageSQLite", "ReviewModel", "Trust", sqlite,
    ]),
  program("simulate", in: "Tests/simulate", ["SimulationKit", argumentParser]),
  // What reads outside bytes, as functions that a fuzzer calls; `scripts/fuzz.sh` builds the program with libFuzzer in it.
  library(
    "FuzzTargets", in: "Tests/Fuzzing/FuzzTargets",
    [
      "ProcessHarness", "ClientCore", "SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "TransportWebSocket", "Transport",
      "ReviewModel", "Trust",
    ]),
  program("fuzz", in: "Tests/Fuzzing/fuzz", ["FuzzTargets"]),
  // Real processes on real files under faults.
  library(
    "TortureKit", in: "Tests/Torture/TortureKit", ["ProcessHarness", "StorageSQLite", "Storage", "ReviewModel", "Trust", grdb]),
  program("torture", in: "Tests/Torture/torture", ["TortureKit", argumentParser]),
  program("bench", in: "Tests/Benchmarks", ["ProcessHarness", "Trust"], exclude: ["README.md"]),
]

// `make test` plays thousands of runs of the simulator: what they spend their time in is optimised in debug builds, too.
let busy: Set = ["Trust", "ReviewModel", "ReviewRules", "SyncProtocol", "Storage", "SyncEngine", "SimulationKit"]
for layer in layers where busy.contains(layer.name) {
  layer.swiftSettings = (layer.swiftSettings ?? []) + [.unsafeFlags(["-O"], .when(configuration: .debug))]
}

let testTargets: [Target] = [
  tests("TrustTests", ["Trust"]),
  tests("ReviewModelTests", ["SeededInput", "ReviewModel", "Trust", "SyncProtocol", protobuf]),
  tests("ReviewRulesTests", ["SeededInput", "ReviewRules", "ReviewModel", "Trust"]),
  tests("SyncProtocolTests", ["SeededInput", "SyncProtocol", "ReviewModel", "Trust", protobuf]),
  tests("StorageConformance", ["SeededInput", "Storage", "StorageSQLite", "ReviewModel", "Trust", grdb]),
  tests("SyncEngineTests", ["SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "ReviewModel", "Trust"]),
  tests("TransportWebSocketTests", ["TransportWebSocket", "Transport", "RawSockets"]),
  tests("OutboundHTTPTests", ["OutboundHTTP", "TransportWebSocket", "Transport"]),
  tests(
    "SyncServerTests",
    ["SyncServer", "SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "Transport", "ReviewModel", "Trust", logging]),
  tests(
    "ClientCoreTests",
    [
      "ClientCore", "SyncServer", "SyncEngine", "SyncProtocol", "ReviewRules", "Storage", "StorageSQLite", "Transport",
      "ReviewModel", "Trust", logging,
    ]),
  tests("CommandLineTests", ["countersign", "ClientCore"]),
  tests(
    "EndToEndTests",
    [
      "ProcessHarness", "RawSockets", "TortureKit", "countersign", "countersignd", "TransportWebSocket", "OutboundHTTP",
      "SyncProtocol", "Transport", "ReviewModel", "Trust",
    ]),
  tests("SimulationTests", ["SimulationKit", "Storage", "StorageSQLite", "ReviewModel", "Trust"]),
  tests("FuzzReplayTests", ["SeededInput", "FuzzTargets", "countersign", "countersignd"]),
  tests("TidyTests", []),
]

let package = Package(
  name: "countersign",
  products: [
    .library(name: "ClientCore", targets: ["ClientCore"]),
    .library(name: "SyncProtocol", targets: ["SyncProtocol"]),
    .executable(name: "countersign", targets: ["countersign"]),
    .executable(name: "countersignd", targets: ["countersignd"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: layers + testTargets
)
