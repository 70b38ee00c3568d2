// In which runs each planted bug is looked for: small ones with every fault where that is enough, others where the bug needs a
// certain fault or much work to show itself.

package enum TellingSeed {
  /// How many seeds are tried before a bug counts as not found.
  package static let searchLimit: UInt64 = 400

  package static func plan(seed: UInt64, bug: PlantedBug) -> SimulationPlan {
    let (scale, faults) = conditions(of: bug)
    return SimulationPlan(seed: seed, scale: scale, only: faults, bug: bug)
  }

  package static func plan(seed: UInt64, bug: PlantedDiskBug) -> SimulationPlan {
    SimulationPlan(seed: seed, scale: bug == .weakOutbox ? 60 : 15, diskBug: bug)
  }

  private static func conditions(of bug: PlantedBug) -> (scale: UInt64, faults: [FaultKind]?) {
    switch bug {
    case .forgetMarkers: (15, [.poison])
    case .compareClock: (30, [.clockJump])
    case .windowOffByOne: (100, [.longAbsence])
    case .ignoreHeartbeat: (15, [.lostNews])
    case .forgetFloor: (30, [.forgottenDepartures, .longAbsence, .sleep])
    case .skipMergeParent, .overwriteHead, .forgetBaseCheck: (50, [.longAbsence, .partition, .sleep])
    case .forgetAuthors, .ignoreVeto, .forgetRoles, .shareEverything, .showApproved: (50, nil)
    case .forgetRevocation: (50, [.revokeDevice])
    case .forgetUnsupported: (30, [.mixedVersions])
    case .keepErasedParts, .keepErasedWords: (60, nil)
    case .ignoreShownNote: (15, [.rollBackServer])
    case .skipChecksums, .forgetQuarantined: (30, [.damagedRow])
    default: (15, nil)
    }
  }
}
