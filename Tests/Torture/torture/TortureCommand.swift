// `torture`: plays one seed after the other against the real programs until its time is over or something is found.
import ArgumentParser
import Foundation
import TortureKit

@main
struct TortureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "torture", abstract: "Runs real processes on real files through every fault there is, and checks everything.")

  @Option(help: "How long in all.")
  var minutes: Double = 5

  @Option(help: "How long the faults of one play last.")
  var seconds = 60

  @Option(help: "One play, by its seed; without it seeds from the clock on.")
  var seed: UInt64?

  @Flag(help: "Without TLS only; otherwise plays take turns.")
  var plainText = false

  @Flag(help: "Prints what happens.")
  var trace = false

  func run() async throws {
    if TorturePlan.installedClockLibrary == nil { print("torture: no wrong clocks here, Debian's faketime is not installed") }
    let end = Date().addingTimeInterval(minutes * 60)
    var next = seed ?? UInt64(Date().timeIntervalSince1970)
    repeat {
      var plan = TorturePlan(seed: next, seconds: seconds)
      plan.isPlainText = plainText || next % 2 == 1
      plan.clockLibrary = TorturePlan.installedClockLibrary
      plan.isLoud = trace
      print("torture: seed \(plan.seed), \(plan.isPlainText ? "plain text" : "TLS"), \(plan.seconds) s")
      fflush(nil)  // whoever follows a file sees how far it is
      let torture = try await Torture(plan)
      let findings = try await torture.play()
      print("torture: \(torture.summary)")
      fflush(nil)
      guard findings.isEmpty else {
        for finding in findings { print("FINDING: \(finding)") }
        print("torture: play it again with SEED=\(plan.seed)\(plan.isPlainText ? " ARGS=--plain-text" : "")")
        throw ExitCode(1)
      }
      next += 1
    } while seed == nil && Date() < end
  }
}
