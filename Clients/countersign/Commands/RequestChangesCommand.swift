// `countersign request-changes`: sends exact revisions back to the editors, with a reason.
import ArgumentParser

/// Asks for changes of exact revisions.
struct RequestChangesCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "request-changes", abstract: "Ask for changes of exactly the revisions that you saw.")

  @OptionGroup var decision: ReasonedDecisionOptions

  var answer: AnswerOptions { decision.answer }

  func run(in shell: Shell) async throws { try await decision.decide("request_changes", verb: "request-changes", in: shell) }
}
