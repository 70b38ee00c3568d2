// `countersign submit`: puts drafts and revisions before the reviewers.
import ArgumentParser
import ClientCore

/// Puts revisions before the reviewers.
struct SubmitCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Put posts before their reviewers.",
    discussion: "Without @DIGEST it takes the waiting draft, else the current revision.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Argument(help: ArgumentHelp("POST or POST@DIGEST, as many as you like, or - for standard input.", valueName: "post"))
  var posts: [String]

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    var targets: [(post: String, revision: String)] = []
    var refused: [ChangeResult] = []
    let references = try DecisionTargets.references(posts, in: shell)
    try DecisionTargets.check(references)
    for reference in references {
      do {
        let found = try profile.resolve(reference)
        let draft = found.revision == nil ? try profile.show(found.post, markRead: false).draft?.digest : nil
        targets.append((found.post, found.revision ?? draft ?? found.current))
      } catch { refused.append(DecisionTargets.result(reference, error)) }
    }
    let report = targets.isEmpty ? nil : try profile.submit(targets: targets)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell)
      .finish(report, verb: "submit", refused: refused)
  }
}
