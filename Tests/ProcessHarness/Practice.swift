// A server and the people around it, each with a home of their own: what end-to-end tests play with.
import Foundation
import Synchronization

/// A running `countersignd` with one tenant.
package final class Practice: Sendable {
  package let scratch: Scratch
  package let data: String
  package let tenant: String
  private let isPlainText: Bool
  private let serveArguments: [String]
  private let server = Mutex<RunningProgram?>(nil)
  /// How long a server may take to start or to end. Only what is broken comes near it, however loaded the machine is.
  private static let patienceSeconds = 120

  /// Makes a server and a tenant, and starts to serve, over TLS unless it is told otherwise.
  /// - Parameter prepare: what is done to the folder before anything is written into it.
  package init(
    tenantName: String = "Praxis am Park", isPlainText: Bool = false, serveArguments: [String] = [],
    prepare: (Scratch) throws -> Void = { _ in }
  ) async throws {
    self.isPlainText = isPlainText
    self.serveArguments = serveArguments
    scratch = try Scratch()
    try prepare(scratch)
    data = try await Self.newServer(in: scratch)
    let created = try await Program.countersignd.run(
      ["tenant", "create", tenantName, "--data", data, "--json"], scratch: scratch)
    guard let id = try created.json()["id"]?.string else { throw HarnessError("no tenant: \(created.output)") }
    tenant = id
    try await serve(listen: "127.0.0.1:0")
  }

  /// The directory of a server that was made and has not served yet.
  package static func newServer(in scratch: Scratch) async throws -> String {
    let data = scratch.path + "/server"
    let made = try await Program.countersignd.run(["init", "--data", data], scratch: scratch)
    guard made.exitCode == 0 else { throw HarnessError("init failed: \(made.errors)") }
    return data
  }

  deinit { server.withLock { $0?.killAtOnce() } }

  /// Starts the server again, by default on the address that it had.
  package func serve(listen: String? = nil) async throws {
    let ready = scratch.path + "/ready"
    _ = try? FileManager.default.removeItem(atPath: ready)  // absent the first time
    var arguments = ["serve", "--data", data, "--ready-file", ready] + serveArguments
    if let listen { arguments += ["--listen", listen] }
    if isPlainText { arguments.append("--plain-text") }
    let running = try Program.countersignd.start(arguments, scratch: scratch)
    server.withLock { $0 = running }
    try await FileWatch.wait(for: ready, limitSeconds: Self.patienceSeconds, unless: { running.hasEnded }) { running.errors }
  }

  /// SIGKILL, and waits until the process is gone.
  package func killServer() async throws {
    let running = server.withLock { current in
      defer { current = nil }
      return current
    }
    guard let running else { return }
    running.killAtOnce()
    _ = try await running.finish(limitSeconds: Self.patienceSeconds)
  }

  /// SIGTERM, and waits for the clean end.
  package func stopServer() async throws -> Finished {
    let running = server.withLock { current in
      defer { current = nil }
      return current
    }
    guard let running else { throw HarnessError("no server is running") }
    running.send(SIGTERM)
    return try await running.finish(limitSeconds: Self.patienceSeconds)
  }

  /// Sends a signal to the server and goes on using it: stop and continue.
  package func signalServer(_ signal: Int32) { server.withLock { $0?.send(signal) } }

  /// How the server ended by itself; nil while it runs.
  package func serverEnding() async throws -> Finished? {
    guard let running = server.withLock({ $0 }), running.hasEnded else { return nil }
    server.withLock { $0 = nil }
    return try await running.finish(limitSeconds: Self.patienceSeconds)
  }

  package var serverProcess: Int32? { server.withLock { $0?.identifier } }

  package var url: String {
    String(decoding: FileManager.default.contents(atPath: scratch.path + "/ready") ?? Data(), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The invitation code of a new member.
  package func invite(_ name: String, role: String) async throws -> String {
    let invited = try await Program.countersignd.run(
      ["invite", "--data", data, "--tenant", tenant, "--role", role, "--name", name, "--json"], scratch: scratch)
    guard let code = try invited.json()["code"]?.string else { throw HarnessError("no code: \(invited.errors)") }
    return code
  }

  /// A new member with a laptop that is enrolled.
  package func enrol(_ name: String, role: String, arguments: [String] = []) async throws -> Laptop {
    let code = try await invite(name, role: role)
    let laptop = try laptop(name)
    let enrolled = try await laptop.run(["enrol", code] + arguments)
    guard enrolled.exitCode == 0 else { throw HarnessError("\(name) cannot enrol: \(enrolled.errors)") }
    return laptop
  }

  /// A laptop that is not enrolled yet.
  package func laptop(_ name: String) throws -> Laptop {
    Laptop(name: name, home: try scratch.folder("home-\(name)"), scratch: scratch)
  }

  /// What `countersignd verify` says.
  package func verify() async throws -> Finished {
    try await Program.countersignd.run(["verify", "--data", data, "--json"], scratch: scratch, limitSeconds: 300)
  }

  /// The server's entities in the scopes of a member, as sorted JSON lines.
  package func export(for memberID: String) async throws -> [String: String] {
    let folder = try scratch.folder("export-server-\(memberID)")
    let finished = try await Program.countersignd.run(
      ["export", "--data", data, "--tenant", tenant, "--member", memberID, "--state", folder], scratch: scratch,
      limitSeconds: 120)
    guard finished.exitCode == 0 else { throw HarnessError("export failed: \(finished.errors)") }
    return try FolderContents.read(folder)
  }
}

/// One person's home: the command line with its own profile.
package struct Laptop: Sendable {
  package let name: String
  package let home: String
  package let scratch: Scratch
  /// Further variables of its commands.
  package var environment: [String: String] = [:]

  private var variables: [String: String] { environment.merging(["COUNTERSIGN_HOME": home]) { $1 } }

  package func run(_ arguments: [String], input: String? = nil, limitSeconds: Int = 120) async throws -> Finished {
    try await Program.countersign.run(
      arguments, environment: variables, scratch: scratch, input: input, limitSeconds: limitSeconds)
  }

  /// Starts a command and does not wait.
  package func start(_ arguments: [String]) throws -> RunningProgram {
    try Program.countersign.start(arguments, environment: variables, scratch: scratch)
  }

  /// A command that must succeed and print JSON.
  package func json(_ arguments: [String], limitSeconds: Int = 120) async throws -> JSONValue {
    let finished = try await run(arguments + ["--json"], limitSeconds: limitSeconds)
    guard finished.exitCode == 0 else {
      throw HarnessError("\(name): \(arguments.joined(separator: " ")) gave \(finished.exitCode): \(finished.errors)")
    }
    return try finished.json()
  }

  /// What this device holds, as sorted JSON lines.
  package func export() async throws -> [String: String] {
    let folder = try scratch.folder("export-\(name)")
    let finished = try await run(["export", "--state", folder])
    guard finished.exitCode == 0 else { throw HarnessError("\(name): export failed: \(finished.errors)") }
    return try FolderContents.read(folder)
  }
}

/// What an export has written.
package enum FolderContents {
  /// Every file's text, by name.
  package static func read(_ folder: String) throws -> [String: String] {
    var contents: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      contents[name] = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }
    return contents
  }
}

/// Waits for what another process writes.
package enum FileWatch {
  /// Waits until a file is there and not empty; gives up after the limit, or when nobody is left to write it, with what
  /// `explain` says.
  package static func wait(
    for path: String, limitSeconds: Int, unless isHopeless: () -> Bool = { false }, explain: () -> String
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(limitSeconds)
    while ContinuousClock.now < deadline, !isHopeless() {
      if let contents = FileManager.default.contents(atPath: path), !contents.isEmpty { return }
      try await Pause.briefly()
    }
    throw HarnessError("\(path) did not appear within \(limitSeconds) s: \(explain())")
  }
}

/// Waiting for another process has no event to wait for; a timer of the dispatch library is asked again and again.
package enum Pause {
  package static func briefly(milliseconds: Int = 10) async throws {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { continuation.resume() }
    }
  }
}
