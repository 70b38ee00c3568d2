// What faults use of a run beside its devices and its server.
import Storage
import SyncEngine

extension Simulation {
  /// Makes a disk fail: at one of the next accesses, or every few times.
  func fail(_ disk: DiskTrouble) {
    switch random.below(3) {
    case 0: disk.accessesUntilFailure = random.below(200)
    case 1: disk.readPermille = random.pick([20, 200, 1_000]) ?? 20
    default: disk.writePermille = random.pick([20, 200, 1_000]) ?? 20
    }
  }

  /// Whether the server could write at once, without a session.
  var canWriteNow: Bool { server.isRunning && server.disk.isHealthy && !server.isDiskFull && server.stepsUntilCrash == nil }

  /// Every program is of one kind again, and whoever waited for that goes on.
  func updateEverything() throws {
    server.versions = .newer
    if server.edition != RulesEdition() {
      server.edition = RulesEdition()
      try server.crash(restartAfter: random.between(200, 5_000))
    }
    for device in devices { device.update(to: .newer) }
  }
}

extension SimulatedDevice {
  /// Another program on the same files: the process is started again.
  /// - Returns: false if it is the same program.
  @discardableResult
  func update(to versions: SimulatedVersions) -> Bool {
    guard self.versions != versions || standing == .stopped(.versionUnsupported) else { return false }
    note("is updated to \(versions)")
    self.versions = versions
    if standing == .stopped(.versionUnsupported) { standing = .current }
    guard isAwake else { return true }
    doze()
    restart(after: random.between(200, 5_000))
    return true
  }
}
