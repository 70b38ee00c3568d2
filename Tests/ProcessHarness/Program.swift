// Runs the real programs as processes: with a limit on every wait, output in files, and nothing left behind.
import Foundation
import Synchronization

/// What a process left when it ended.
package struct Finished: Sendable {
  package var exitCode: Int32
  /// Whether a signal ended it.
  package var wasKilled: Bool
  package var output: String
  package var errors: String

  /// The output as JSON; throws a sentence that shows what there was instead.
  package func json() throws -> JSONValue {
    guard let value = JSONValue(text: output) else {
      throw HarnessError("no JSON on standard output (exit \(exitCode)): \(output.prefix(400)) \(errors.prefix(400))")
    }
    return value
  }
}

/// Why a play could not go on: a sentence with what the programs said.
package struct HarnessError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// One of the programs that the build has made beside the tests.
package struct Program: Sendable {
  package let path: String

  package static let countersign = Program(named: "countersign")
  package static let countersignd = Program(named: "countersignd")

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
  package func start(_ arguments: [String], environment: [String: String] = [:], scratch: Scratch) throws -> RunningProgram {
    try RunningProgram(path: path, arguments: arguments, environment: environment, scratch: scratch)
  }

  /// Runs it to its end; kills it and throws after the limit.
  package func run(
    _ arguments: [String], environment: [String: String] = [:], scratch: Scratch, input: String? = nil, limitSeconds: Int = 60
  ) async throws -> Finished {
    let running = try RunningProgram(
      path: path, arguments: arguments, environment: environment, scratch: scratch, input: input)
    return try await running.finish(limitSeconds: limitSeconds)
  }
}

/// A process that was started here, and is killed here at the latest.
package final class RunningProgram: Sendable {
  private let ending = Ending()
  private let outputPath: String
  private let errorPath: String
  /// Whether the process was waited for: from then on its number may be another's.
  private let isReaped: SharedFlag
  package let identifier: Int32

  package init(
    path: String, arguments: [String], environment: [String: String], scratch: Scratch, input: String? = nil
  ) throws {
    var surroundings = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("COUNTERSIGN") }
    surroundings["NO_COLOR"] = "1"
    (outputPath, errorPath) = (try scratch.newFile(), try scratch.newFile())
    var inputPath = "/dev/null"
    if let input {
      inputPath = try scratch.newFile()
      try input.write(toFile: inputPath, atomically: false, encoding: .utf8)
    }
    // A preloaded library that sets a variable moves the environment, beside which Swift looks for its arguments; env(1)
    // comes first then, and becomes the program under the same number.
    let isPreloaded = environment["LD_PRELOAD"] != nil
    let identifier = try Spawn.start(
      path: isPreloaded ? "/usr/bin/env" : path, arguments: isPreloaded ? [path] + arguments : arguments,
      environment: surroundings.merging(environment) { $1 },
      input: inputPath, output: outputPath, errors: errorPath)
    self.identifier = identifier
    let (ending, isReaped) = (ending, SharedFlag())
    self.isReaped = isReaped
    // A queue of its own is a thread of its own while it waits.
    DispatchQueue(label: "process-\(identifier)").async { ending.end(Spawn.wait(for: identifier, reaping: isReaped)) }
  }

  /// Whether it is gone, whoever ended it.
  package var hasEnded: Bool { isReaped.value.withLock { $0 } }

  /// Sends SIGKILL: no clean-up, no flush.
  package func killAtOnce() { send(SIGKILL) }

  package func send(_ signal: Int32) { _ = isReaped.value.withLock { $0 ? 0 : kill(identifier, signal) } }

  /// Waits for the end; kills and throws after the limit.
  package func finish(limitSeconds: Int) async throws -> Finished {
    let limit = DispatchWorkItem { [weak self] in self?.ending.expire() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limitSeconds), execute: limit)
    let status = await ending.wait()
    limit.cancel()
    guard let status else {
      killAtOnce()
      throw HarnessError("a process did not end within \(limitSeconds) s; it said: \(errors.suffix(800))")
    }
    return Finished(exitCode: status.code, wasKilled: status.wasKilled, output: read(outputPath), errors: errors)
  }

  package var errors: String { read(errorPath) }

  private func read(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

/// The end of a process, for one waiter: told once, or given up.
private final class Ending: Sendable {
  typealias Status = Spawn.Status

  private struct State {
    var status: Status?
    var waiter: CheckedContinuation<Status?, Never>?
  }

  private let state = Mutex(State())

  package func end(_ status: Status) {
    let waiter = state.withLock { state in
      state.status = status
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: status)
  }

  package func expire() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }

  package func wait() async -> Status? {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Status? in
        if state.status == nil { state.waiter = continuation }
        return state.status
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}
