// Programs are updated one after the other: a device or the server speaks the next version of the protocol, too, or nothing else,
// and newer programs say more than the others know: an older server does not know every kind of change. Whoever is too old or too
// new says so and waits for an update.
import ReviewRules
import SyncEngine

struct MixedVersionsFault: Fault {
  func strike(_ simulation: Simulation) throws {
    let random = simulation.random
    let versions = random.pick([SimulatedVersions.common, .newer, .onlyNewer]) ?? .common
    simulation.context.hasUnknownFields = true
    if random.chance(permille: 300) {
      simulation.context.note("server", "is updated to \(versions)")
      simulation.server.versions = versions
      simulation.server.edition = random.chance(permille: 500) ? .older(random) : RulesEdition()
      try simulation.server.crash(restartAfter: random.between(200, 5_000))
    } else if simulation.anyDevice()?.update(to: versions) != true {
      simulation.missed()
    }
    simulation.later(random.between(60_000, 600_000)) { try simulation.updateEverything() }
  }
}

extension RulesEdition {
  /// What a server was like before some of today's kinds of change.
  fileprivate static func older(_ random: SeededRandom) -> RulesEdition {
    var edition = RulesEdition()
    edition.version = Rules.version - 1
    edition.unknownKinds = Set((11...30).filter { _ in random.chance(permille: 300) })
    return edition
  }
}
