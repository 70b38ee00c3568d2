// A process that uses files of a simulated disk: what it holds in memory, which its end takes away. It is stopped in the middle
// of a call, and from then on nothing that it does reaches the disk.
import Synchronization

// Guard: a run and everything in it uses one thread at a time.
final class SimulatedProcess: @unchecked Sendable {
  /// The processes whose files can be opened, by the number that begins their paths.
  private static let running = Mutex<(last: Int, processes: [Int: SimulatedProcess])>((0, [:]))

  let disk: SimulatedDisk
  private(set) var number = 0
  private(set) var isStopped = false
  private var locks: [String: FileLocks] = [:]
  private var memory: [String: WALIndexMemory] = [:]

  init(disk: SimulatedDisk) {
    self.disk = disk
    number = Self.running.withLock { running in
      running.last += 1
      running.processes[running.last] = self
      return running.last
    }
  }

  static func named(_ number: Int) -> SimulatedProcess? { running.withLock { $0.processes[number] } }

  /// The path under which this process opens a file.
  func path(_ name: String) -> String { "/\(number)/\(name)" }

  func stop() { isStopped = true }

  /// Nothing opens a file for it any more.
  func end() {
    stop()
    Self.running.withLock { $0.processes[number] = nil }
  }

  func locks(of name: String) -> FileLocks {
    if let known = locks[name] { return known }
    let made = FileLocks()
    locks[name] = made
    return made
  }

  func memory(of name: String) -> WALIndexMemory {
    if let known = memory[name] { return known }
    let made = WALIndexMemory()
    memory[name] = made
    return made
  }

  /// The last connection has let go of it.
  func forgetMemory(of name: String) { memory[name] = nil }
}
