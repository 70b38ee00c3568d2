// The disk of one simulated machine: files in memory with a directory, of which a power loss takes whatever was not synced.
// Docs: decision 11 says what SQLite may expect of it, and why it is no kinder than a real one.

/// Used by one run, and that means by one thread at a time.
final class SimulatedDisk {
  let random: SeededRandom
  /// What is written whole or not at all.
  let sectorBytes: Int
  var trouble = DiskCallTrouble()
  let bug: PlantedDiskBug?
  private(set) var names: [String: SimulatedFile] = [:]
  /// The directory as a sync of it has made it safe.
  private var durableNames: [String: SimulatedFile] = [:]
  /// Calls that the trouble has met.
  private(set) var failureCount = 0
  private(set) var hasFailedSync = false
  private var quietness = 0

  init(random: SeededRandom, bug: PlantedDiskBug? = nil) {
    self.random = random
    self.bug = bug
    sectorBytes = random.chance(permille: 500) ? 512 : 4_096
  }

  /// Another disk with the same files, copied while nothing wrote.
  func copy() -> SimulatedDisk {
    let copy = SimulatedDisk(random: random.fork(), bug: bug)
    copy.names = names.mapValues { SimulatedFile(copyOf: $0) }
    copy.durableNames = copy.names
    return copy
  }

  var byteCount: Int { names.values.reduce(0) { $0 + $1.count } }

  // MARK: The directory

  func create(_ name: String) -> SimulatedFile {
    let file = SimulatedFile()
    names[name] = file
    return file
  }

  func delete(_ name: String) { names[name] = nil }

  func syncDirectory() { durableNames = names }

  /// Removes a file for good, as a program does with files that it does not want any more.
  func remove(_ name: String) {
    names[name] = nil
    durableNames[name] = nil
  }

  // MARK: Trouble

  /// Whether everything ends with this call.
  func stops(at call: DiskCall) -> Bool { quietness == 0 && trouble.stops(at: call) }

  func fails(_ call: DiskCall) -> Bool {
    guard quietness == 0 else { return false }
    let isFailing = trouble.fails(call)
    if isFailing { failureCount += 1 }
    return isFailing
  }

  func failSync(of file: SimulatedFile) {
    hasFailedSync = true
    file.failSync(random)
  }

  /// How many of these bytes there is room for.
  func room(for count: Int) -> Int {
    guard let capacity = trouble.capacity, count > 0, quietness == 0 else { return count }
    let room = max(0, min(count, capacity - byteCount))
    if room < count { failureCount += 1 }
    return room
  }

  func heal() { trouble = DiskCallTrouble() }

  /// Does something that no trouble meets: a check, or the striking of another fault.
  func quietly<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
    quietness += 1
    defer { quietness -= 1 }
    return try body()
  }

  // MARK: The end of a process

  /// What the end of a process leaves. A process that finds in its page cache what an earlier one has failed to sync has no
  /// way to know, nor has SQLite; power is not lost until that was written again (decision 11), or the file was deleted for
  /// good: until the directory is synced, it may come back.
  func end(_ end: ProcessEnd) {
    let files = Array(names.values) + durableNames.values
    if end == .powerLost, !files.contains(where: \.hasOldHoles) { losePower() }
    for file in files { file.noteProcessEnd() }
    trouble.callsUntilStop = nil
  }

  /// Every file falls back to what was synced, and to some of what was not.
  func losePower() {
    for name in Set(names.keys).union(durableNames.keys).sorted() where names[name] !== durableNames[name] {
      let survivor = random.chance(permille: 500) ? names[name] : durableNames[name]
      names[name] = survivor
    }
    for name in names.keys.sorted() { names[name]?.losePower(sectorBytes: sectorBytes, random) }
    durableNames = names
  }
}
