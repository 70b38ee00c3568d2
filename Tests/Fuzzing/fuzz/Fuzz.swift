// `fuzz`: runs one target under libFuzzer, which must be built in by scripts/fuzz.sh (`make fuzz`); built without it, the
// program only replays files. It is no part of what is shipped.
import Foundation
import FuzzTargets
import Synchronization

@main
enum Fuzz {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "list": for target in FuzzTarget.all { print(target.name, target.inputByteLimit) }
    case "unpack" where arguments.count == 3: try unpack(arguments[1], into: arguments[2])
    case "keep" where arguments.count == 3: try keep(arguments[1], from: arguments[2])
    case "run" where arguments.count >= 2: try run(arguments[1], Array(arguments.dropFirst(2)))
    default:
      throw Misuse(
        description: "use: fuzz list | unpack TARGET FOLDER | keep TARGET FOLDER | run TARGET [OPTION|FILE|FOLDER …]")
    }
  }

  private struct Misuse: Error, CustomStringConvertible {
    let description: String
  }

  private static func target(_ name: String) throws -> FuzzTarget {
    guard let target = FuzzTarget.named(name) else { throw Misuse(description: "there is no target \(name)") }
    return target
  }

  /// Seeds and kept inputs as files, the way libFuzzer wants them.
  private static func unpack(_ name: String, into folder: String) throws {
    let inputs = try FuzzSeeds.inputs(for: try target(name)) + FuzzCorpus(target: name).inputs()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (index, input) in inputs.enumerated() {
      try Data(input).write(to: URL(fileURLWithPath: "\(folder)/kept-\(index)"))
    }
  }

  private static func keep(_ name: String, from folder: String) throws {
    let seeds = try FuzzSeeds.inputs(for: try target(name))
    let inputs = try FileManager.default.contentsOfDirectory(atPath: folder).map { file in
      Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)))
    }
    try FuzzCorpus(target: name).keep(inputs.filter { !seeds.contains($0) })
  }

  /// A broken promise traps, so that libFuzzer keeps the input.
  fileprivate static func play(_ target: FuzzTarget, _ bytes: [UInt8]) {
    do {
      _ = try target.accepts(bytes)
    } catch {
      // Said first: an optimised build traps without words.
      FileHandle.standardError.write(Data("\(target.name): \(error)\n".utf8))
      preconditionFailure("a promise is broken")
    }
  }

  #if FUZZING
  private static func run(_ name: String, _ options: [String]) throws {
    let target = try target(name)
    chosen.withLock { $0 = target }
    var words: [UnsafeMutablePointer<CChar>?] = (["fuzz"] + options).map { strdup($0) } + [nil]
    var count = CInt(words.count - 1)
    // Safe: the words live as long as the process, and their list ends with nil.
    let status = words.withUnsafeMutableBufferPointer { list in
      var start = list.baseAddress
      return runDriver(&count, &start) { bytes, count in
        if let target = chosen.withLock({ $0 }) { Fuzz.play(target, Array(UnsafeBufferPointer(start: bytes, count: count))) }
        return 0
      }
    }
    exit(status)
  }
  #else
  private static func run(_ name: String, _ files: [String]) throws {
    let target = try target(name)
    for file in files { play(target, Array(try Data(contentsOf: URL(fileURLWithPath: file)))) }
  }
  #endif
}

#if FUZZING
/// What the driver's callback, which can hold nothing, plays.
private let chosen = Mutex<FuzzTarget?>(nil)

/// libFuzzer's own entry for programs that keep their `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ play: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
#endif
