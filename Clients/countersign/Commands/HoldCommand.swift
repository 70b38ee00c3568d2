// `countersign hold`: keeps exact revisions back for now, with a reason.
import ArgumentParser

/// Holds exact revisions back.
struct HoldCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Hold back exactly the revisions that you saw, for now.")

  @OptionGroup var decision: ReasonedDecisionOptions

  var answer: AnswerOptions { decision.answer }

  func run(in shell: Shell) async throws { try await decision.decide("hold", verb: "hold", in: shell) }
}
