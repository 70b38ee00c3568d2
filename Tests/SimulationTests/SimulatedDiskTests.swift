// The simulated disk itself: it loses what was not synced, keeps what was, and SQLite on it survives being stopped at any call.
import ReviewModel
import Storage
import StorageSQLite
import Testing
import Trust

@testable import SimulationKit

@Suite struct SimulatedDiskTests {
  private static let settings = DiskSettings(checkpointPages: 8)

  /// Two writes, the first one synced, and a power loss: what is left, for many seeds.
  private func survivors(_ body: (SimulatedDisk, SimulatedFile) -> Void) -> Set<[UInt8]?> {
    Set(
      (UInt64(0)..<400).map { seed -> [UInt8]? in
        let disk = SimulatedDisk(random: SeededRandom(seed: seed))
        let file = disk.create("file")
        body(disk, file)
        disk.losePower()
        return disk.names["file"]?.bytes
      })
  }

  private func write(_ bytes: [UInt8], to file: SimulatedFile, at offset: Int = 0) {
    bytes.withUnsafeBytes { file.write($0, at: offset) }
  }

  @Test func `what was synced survives a power loss`() {
    let left = survivors { disk, file in
      write([1, 2, 3, 4], to: file)
      file.sync()
      disk.syncDirectory()
    }
    #expect(left == [[1, 2, 3, 4]])
  }

  @Test func `what was not synced is kept, lost or torn, and nothing beside it is touched`() {
    let left = survivors { disk, file in
      write([1, 1, 1, 1, 1, 1], to: file)
      file.sync()
      disk.syncDirectory()
      write([2, 2, 2, 2], to: file, at: 1)
    }
    #expect(left.isSuperset(of: [[1, 1, 1, 1, 1, 1], [1, 2, 2, 2, 2, 1], [1, 2, 2, 1, 1, 1]]))
    #expect(left.allSatisfy { $0?.first == 1 && $0?.last == 1 && $0?.count == 6 })
  }

  @Test func `sectors are lost one by one, and a length may be lost alone`() {
    let left = survivors { disk, file in
      disk.syncDirectory()
      write([UInt8](repeating: 7, count: 3 * 4_096), to: file)
    }
    let starts = Set(
      left.compactMap { bytes in bytes.map { bytes in (0..<3).map { bytes.count > $0 * 4_096 && bytes[$0 * 4_096] == 7 } } })
    #expect(starts.isSuperset(of: [[true, true, true], [false, false, false], [false, true, false], [true, false, true]]))
  }

  @Test func `what a file loses with its end it loses as a whole`() {
    let left = survivors { disk, file in
      write([UInt8](repeating: 7, count: 3 * 4_096), to: file)
      file.sync()
      disk.syncDirectory()
      file.resize(to: 0)
    }
    #expect(left.isSuperset(of: [[], [UInt8](repeating: 7, count: 3 * 4_096)]))
    #expect(left.allSatisfy { Set($0 ?? []).count < 2 }, "some sectors are gone and others are not")
  }

  @Test func `a new name without a sync of its directory may be lost, and a deleted file may be back`() {
    #expect(survivors { _, file in file.sync() } == [nil, []])
    let back = survivors { disk, file in
      write([5], to: file)
      file.sync()
      disk.syncDirectory()
      disk.delete("file")
    }
    #expect(back == [nil, [5]])
  }

  @Test func `after a sync that failed a later one saves nothing of what came before`() {
    let left = survivors { disk, file in
      disk.syncDirectory()
      write([9], to: file)
      file.failSync(SeededRandom(seed: UInt64(disk.random.below(100))))
      file.sync()
    }
    #expect(left == [[], [9]])
  }

  // MARK: SQLite on it

  private func mutation(_ number: UInt8) -> QueuedMutation {
    QueuedMutation(
      mutationID: MutationID([UInt8](repeating: number, count: MutationID.byteCount)) ?? .zero, lane: 1,
      body: [UInt8](repeating: number, count: 2_000), parts: [], clock: HybridClock(), queuedMilliseconds: 0)
  }

  /// Calls after which an append and an orderly end are over.
  @Test(arguments: [ProcessEnd.killed, .powerLost], [UInt64(1), 2, 3])
  func `an outbox that is stopped at any call keeps what it has acknowledged, and tears nothing`(
    end: ProcessEnd, seed: UInt64
  ) throws {
    var wasWhole = false
    for call in 0... {
      let disk = SimulatedDisk(random: SeededRandom(seed: seed &* 1_000 + UInt64(call)))
      let files = SQLiteDeviceFiles(disk: disk, settings: Self.settings)
      var acknowledged: [MutationID] = []
      disk.trouble.callsUntilStop = call
      do {
        for number in 1...4 {
          let mutation = mutation(UInt8(number))
          _ = try files.outbox().append([mutation])
          acknowledged.append(mutation.mutationID)
        }
        files.end(.orderly)
        wasWhole = !files.isStopped
      } catch {
        #expect(files.isStopped, "\(error.sentence)")
      }
      if !wasWhole { files.end(end) }
      disk.heal()
      let found = try files.outbox().unanswered().map(\.mutation.mutationID)
      #expect(found.starts(with: acknowledged) && found.count <= acknowledged.count + 1, "stopped at call \(call)")
      if wasWhole { break }
    }
    #expect(wasWhole)
  }

  @Test(arguments: 0..<6) func `a tenant's store keeps what it has acknowledged after syncs that failed`(failures: Int) throws {
    for seed in UInt64(0)..<12 {
      let disk = SimulatedDisk(random: SeededRandom(seed: seed))
      let files = try SQLiteServerFiles(disk: disk, settings: DiskSettings(checkpointPages: 1_000), tenant: .zero, epoch: .zero)
      files.end(.orderly)
      try files.open()
      disk.trouble.failing = [.sync]
      disk.trouble.failuresLeft = failures
      var acknowledged: Set<Digest> = []
      for number in UInt8(1)...12 {
        let mark = SHA256.hash([number])
        do {
          try files.store.mark(deciding: [mark])
          acknowledged.insert(mark)
        } catch {
          #expect(error.code == .inputOutput)
        }
      }
      files.end(.powerLost)
      disk.heal()
      try files.open()
      let found = try Set(files.store.decidingMarkers().map(\.hash))
      #expect(found.isSuperset(of: acknowledged), "seed \(seed)")
      #expect(acknowledged.count == 12 - failures)
    }
  }

  @Test(arguments: 1..<4) func `a tenant's file that cannot be made durable when it is opened is left as it is`(
    failures: Int
  ) throws {
    for seed in UInt64(0)..<40 {
      let disk = SimulatedDisk(random: SeededRandom(seed: seed))
      let files = try SQLiteServerFiles(disk: disk, settings: DiskSettings(checkpointPages: 8), tenant: .zero, epoch: .zero)
      let marks = (UInt8(1)...12).map { SHA256.hash([$0]) }
      for mark in marks { try files.store.mark(deciding: [mark]) }
      disk.trouble.callsUntilStop = Int(seed)
      // Ends in the middle of a commit, or of the close.
      try? files.store.mark(deciding: [SHA256.hash([13])])
      files.end(.killed)
      disk.trouble = DiskCallTrouble()
      disk.trouble.failing = [.sync]
      disk.trouble.failuresLeft = failures
      #expect { try files.open() } throws: { ($0 as? StorageError)?.code == .inputOutput }
      files.end(.powerLost)
      disk.heal()
      try files.open()
      #expect(try Set(files.store.decidingMarkers().map(\.hash)).isSuperset(of: marks), "seed \(seed)")
      files.end(.orderly)
    }
  }

  @Test(arguments: 0..<30) func `an outbox keeps what it has acknowledged after a kill and a sync that failed`(
    call: Int
  ) throws {
    for seed in UInt64(0)..<20 {
      let disk = SimulatedDisk(random: SeededRandom(seed: seed))
      let files = SQLiteDeviceFiles(disk: disk, settings: DiskSettings(checkpointPages: 1_000))
      _ = try files.outbox().append([mutation(1)])
      disk.trouble.callsUntilStop = call
      // Ends in the middle of a commit.
      _ = try? files.outbox().append([mutation(2)])
      files.end(.killed)
      disk.trouble = DiskCallTrouble()
      disk.trouble.failing = [.sync]
      disk.trouble.failuresLeft = 1
      var acknowledged: [MutationID] = []
      for number in UInt8(3)...6 {
        do {
          acknowledged += try files.outbox().append([mutation(number)]).map(\.mutation.mutationID)
        } catch {
          #expect(error.code == .inputOutput)
        }
      }
      files.end(.powerLost)
      disk.heal()
      let found = try files.outbox().unanswered().map(\.mutation.mutationID)
      #expect(Set(found).isSuperset(of: acknowledged), "seed \(seed)")
    }
  }

  @Test func `a full disk refuses a change, keeps the rest, and takes changes again`() throws {
    let files = SQLiteDeviceFiles(disk: SimulatedDisk(random: SeededRandom(seed: 4)), settings: Self.settings)
    _ = try files.outbox().append([mutation(1)])
    files.disk?.trouble.capacity = files.disk?.byteCount
    // The log has some room of its own; it ends soon.
    var count = 1
    var refusal: StorageError.Code?
    while refusal == nil, count < 50 {
      do {
        _ = try files.outbox().append([mutation(UInt8(count + 1))])
        count += 1
      } catch {
        refusal = error.code
      }
    }
    #expect(refusal == .diskFull)
    #expect(try files.outbox().unanswered().count == count)
    files.heal()
    _ = try files.outbox().append([mutation(100)])
    files.end(.powerLost)
    #expect(try files.outbox().unanswered().count == count + 1)
  }
}
