// Runs the real programs as processes: with a limit on every wait, output in files, and nothing left behind.
import Foundation
import Synchronization

/// What a process left when it ended.
struct Finished: Sendable {
  var exitCode: Int32
  /// Whether a signal ended it.
  var wasKilled: Bool
  var output: String
  var errors: String

  /// The output as JSON; throws a sentence that shows what there was instead.
  func json() throws -> JSONValue {
    guard let value = JSONValue(text: output) else {
      throw EndToEndError("no JSON on standard output (exit \(exitCode)): \(output.prefix(400)) \(errors.prefix(400))")
    }
    return value
  }
}

struct EndToEndError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// One of the programs that the build has made beside the tests.
struct Program: Sendable {
  let path: String

  static let countersign = Program(named: "countersign")
  static let countersignd = Program(named: "countersignd")

  private init(named name: String) {
    path = Self.productsDirectory + "/" + name
  }

  /// The folder that the test bundle is in: `.build/debug` or `.build/release`; another one by `COUNTERSIGN_BINARIES`.
  private static var productsDirectory: String {
    if let chosen = ProcessInfo.processInfo.environment["COUNTERSIGN_BINARIES"] { return chosen }
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { URL(fileURLWithPath: $0) } ?? executable
    return bundle.deletingLastPathComponent().path
  }

  /// Starts it and does not wait.
  func start(_ arguments: [String], environment: [String: String] = [:], scratch: Scratch) throws -> RunningProgram {
    try RunningProgram(path: path, arguments: arguments, environment: environment, scratch: scratch)
  }

  /// Runs it to its end; kills it and throws after the limit.
  func run(
    _ arguments: [String], environment: [String: String] = [:], scratch: Scratch, input: String? = nil, limitSeconds: Int = 60
  ) async throws -> Finished {
    let running = try RunningProgram(
      path: path, arguments: arguments, environment: environment, scratch: scratch, input: input)
    return try await running.finish(limitSeconds: limitSeconds)
  }
}

/// A process that was started here, and is killed here at the latest.
final class RunningProgram: Sendable {
  private let process: Mutex<Process>
  private let ending = Ending()
  private let outputPath: String
  private let errorPath: String
  let identifier: Int32

  init(
    path: String, arguments: [String], environment: [String: String], scratch: Scratch, input: String? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    var surroundings = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("COUNTERSIGN") }
    surroundings["NO_COLOR"] = "1"
    process.environment = surroundings.merging(environment) { $1 }
    (outputPath, errorPath) = (try scratch.newFile(), try scratch.newFile())
    process.standardOutput = try Self.handle(outputPath)
    process.standardError = try Self.handle(errorPath)
    if let input {
      let inputPath = try scratch.newFile()
      try input.write(toFile: inputPath, atomically: false, encoding: .utf8)
      process.standardInput = FileHandle(forReadingAtPath: inputPath)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    let ending = ending
    process.terminationHandler = { ended in
      ending.end((ended.terminationStatus, ended.terminationReason == .uncaughtSignal))
    }
    try process.run()
    identifier = process.processIdentifier
    self.process = Mutex(process)
  }

  private static func handle(_ path: String) throws -> FileHandle {
    guard let handle = FileHandle(forWritingAtPath: path) else { throw EndToEndError("cannot write \(path)") }
    return handle
  }

  /// Sends SIGKILL: no clean-up, no flush.
  func killAtOnce() { send(SIGKILL) }

  func send(_ signal: Int32) { _ = process.withLock { $0.isRunning ? kill($0.processIdentifier, signal) : 0 } }

  /// Waits for the end; kills and throws after the limit.
  func finish(limitSeconds: Int) async throws -> Finished {
    let limit = DispatchWorkItem { [weak self] in self?.ending.expire() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limitSeconds), execute: limit)
    let status = await ending.wait()
    limit.cancel()
    guard let status else {
      killAtOnce()
      throw EndToEndError("a process did not end within \(limitSeconds) s; it said: \(errors.suffix(800))")
    }
    return Finished(exitCode: status.code, wasKilled: status.wasKilled, output: read(outputPath), errors: errors)
  }

  var errors: String { read(errorPath) }

  private func read(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

/// The end of a process, for one waiter: told once, or given up.
private final class Ending: Sendable {
  typealias Status = (code: Int32, wasKilled: Bool)

  private struct State {
    var status: Status?
    var waiter: CheckedContinuation<Status?, Never>?
  }

  private let state = Mutex(State())

  func end(_ status: Status) {
    let waiter = state.withLock { state in
      state.status = status
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: status)
  }

  func expire() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }

  func wait() async -> Status? {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Status? in
        if state.status == nil { state.waiter = continuation }
        return state.status
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}
