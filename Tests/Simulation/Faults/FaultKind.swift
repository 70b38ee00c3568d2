// Every fault by its name, and what each of them can do: strike now, and heal itself later. Adding one is a file and a line here.

package enum FaultKind: String, Sendable, CaseIterable {
  case partition
  case oneWay = "one_way"
  case slowNetwork = "slow_network"
  case cut
  case lostTail = "lost_tail"
  case killDevice = "kill_device"
  case killServer = "kill_server"
  case poison
  case fullServerDisk = "full_server_disk"
  case fullDeviceDisk = "full_device_disk"
  case clockJump = "clock_jump"
  case clockDrift = "clock_drift"
  case copyDevice = "copy_device"
  case restoreDevice = "restore_device"
  case deleteCache = "delete_cache"
  case sleep
  case longAbsence = "long_absence"
  case lostRow = "lost_row"
  case lostPokes = "lost_pokes"
  case revokeDevice = "revoke_device"
  case rollBackServer = "roll_back_server"
  case lostAnswers = "lost_answers"
  case repeatedPush = "repeated_push"
  case halfPage = "half_page"
  case serverDiskErrors = "server_disk_errors"
  case deviceDiskErrors = "device_disk_errors"
  case lostNews = "lost_news"
  case forgottenDepartures = "forgotten_departures"
  case mixedVersions = "mixed_versions"
  case manyDevices = "many_devices"
  case damagedRow = "damaged_row"

  var fault: any Fault {
    switch self {
    case .partition: PartitionFault()
    case .oneWay: OneWayFault()
    case .slowNetwork: SlowNetworkFault()
    case .cut: CutFault()
    case .lostTail: LostTailFault()
    case .killDevice: KillDeviceFault()
    case .killServer: KillServerFault()
    case .poison: PoisonFault()
    case .fullServerDisk: FullServerDiskFault()
    case .fullDeviceDisk: FullDeviceDiskFault()
    case .clockJump: ClockJumpFault()
    case .clockDrift: ClockDriftFault()
    case .copyDevice: CopyDeviceFault()
    case .restoreDevice: RestoreDeviceFault()
    case .deleteCache: DeleteCacheFault()
    case .sleep: SleepFault()
    case .longAbsence: LongAbsenceFault()
    case .lostRow: LostRowFault()
    case .lostPokes: LostPokesFault()
    case .revokeDevice: RevokeDeviceFault()
    case .rollBackServer: RollBackServerFault()
    case .lostAnswers: LostAnswersFault()
    case .repeatedPush: RepeatedPushFault()
    case .halfPage: HalfPageFault()
    case .serverDiskErrors: ServerDiskErrorsFault()
    case .deviceDiskErrors: DeviceDiskErrorsFault()
    case .lostNews: LostNewsFault()
    case .forgottenDepartures: ForgottenDeparturesFault()
    case .mixedVersions: MixedVersionsFault()
    case .manyDevices: ManyDevicesFault()
    case .damagedRow: DamagedRowFault()
    }
  }
}

protocol Fault {
  /// How often it may strike in one run; nil for as often as it comes.
  var strikesLimit: Int? { get }

  /// Whoever does nothing calls `simulation.missed()`, so that only strikes that took effect are counted.
  func strike(_ simulation: Simulation) throws
}

extension Fault {
  var strikesLimit: Int? { nil }
}
