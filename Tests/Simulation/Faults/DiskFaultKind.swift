// What happens to the disk of a machine that keeps its stores with SQLite: it stops in the middle of anything, or refuses
// calls.

package enum DiskFaultKind: String, Sendable, CaseIterable {
  /// A device is killed, or loses power, at some call of SQLite's.
  case stopDevice = "stop_device"
  case stopServer = "stop_server"
  /// One call fails, or all of a kind for a while.
  case failDevice = "fail_device"
  case failServer = "fail_server"
  /// A sync fails, and what it was to make safe may never be.
  case failSyncDevice = "fail_sync_device"
  case failSyncServer = "fail_sync_server"
  /// There is room for a few pages more.
  case fillDevice = "fill_device"
  case fillServer = "fill_server"

  fileprivate var concernsServer: Bool {
    [.stopServer, .failServer, .failSyncServer, .fillServer].contains(self)
  }
}

extension Simulation {
  private static let callsUntilStopLimit = 150

  func strikeDiskLater() {
    let pause = context.plan.disk.pauseSeconds * 1_000
    context.after(timeAway + context.diskRandom.between(pause / 4, 2 * pause)) {
      guard self.context.now < self.activeUntil else { return }
      if self.timeAway == 0, let kind = self.context.diskRandom.pick(self.context.plan.disk.faults) { self.strike(kind) }
      self.strikeDiskLater()
    }
  }

  private func strike(_ kind: DiskFaultKind) {
    context.totals.strikes += 1
    let random = context.diskRandom
    let device = random.pick(devices.filter { $0.standing == .current })
    guard let files: any MachineFiles = kind.concernsServer ? server.store.files : device?.files, let disk = files.disk else {
      return
    }
    context.totals.tookEffect(kind.rawValue)
    context.note("fault", "\(kind.rawValue)\(kind.concernsServer ? "" : " \(device?.name ?? "")")")
    switch kind {
    case .stopDevice, .stopServer: disk.trouble.callsUntilStop = random.below(Self.callsUntilStopLimit)
    case .failDevice, .failServer: fail(disk, DiskCall.allCases.filter { _ in random.chance(permille: 400) })
    case .failSyncDevice, .failSyncServer: fail(disk, [.sync])
    case .fillDevice, .fillServer:
      files.fillDisk(true)
      later(random.between(1_000, 60_000)) { files.fillDisk(false) }
    }
  }

  private func fail(_ disk: SimulatedDisk, _ calls: [DiskCall]) {
    let random = context.diskRandom
    let isLasting = random.chance(permille: 300)
    disk.trouble.failing = Set(calls)
    disk.trouble.failuresLeft = isLasting ? .max : 1 + random.below(3)
    if isLasting { later(random.between(1_000, 60_000)) { disk.trouble.failuresLeft = 0 } }
  }

  // MARK: Around them

  /// No disk makes trouble meanwhile.
  func withQuietDisks(_ body: () throws -> Void) throws {
    let disks = devices.compactMap(\.files.disk) + [server.store.files.disk].compactMap { $0 }
    try Self.quietly(disks[...], body)
  }

  private static func quietly(_ disks: ArraySlice<SimulatedDisk>, _ body: () throws -> Void) throws {
    guard let disk = disks.first else { return try body() }
    try disk.quietly { try quietly(disks.dropFirst(), body) }
  }

  func healDisks() throws {
    if server.store.hasCrashed { try server.crash(restartAfter: 1_000) }
    server.store.files.heal()
    for device in devices { device.files.heal() }
  }

  /// Lets go of everything at the end of a run.
  func dismantle() {
    context.timeline.clear()
    for device in devices { device.files.end(.killed) }
    server.store.files.end(.killed)
  }
}
