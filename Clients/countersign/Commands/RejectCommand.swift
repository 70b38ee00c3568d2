// `countersign reject`: a signed no to exact revisions, with a reason.
import ArgumentParser

/// Rejects exact revisions.
struct RejectCommand: ChangeCommand {
  static let configuration = CommandConfiguration(commandName: "reject", abstract: "Reject exactly the revisions that you saw.")

  @OptionGroup var decision: ReasonedDecisionOptions

  var answer: AnswerOptions { decision.answer }

  func run(in shell: Shell) async throws { try await decision.decide("reject", verb: "reject", in: shell) }
}
