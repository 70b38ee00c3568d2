// `countersign withdraw`: takes posts back, so that nothing becomes of them.
import ArgumentParser
import ClientCore

/// Takes posts back.
struct WithdrawCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take posts back for good, so that nothing becomes of them.",
    discussion: "It is final: a post that was withdrawn is never reviewed or published again. On a terminal it asks.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Option(name: [.short, .long], help: "Why.")
  var reason: String?

  @Flag(help: "Do not ask.")
  var yes = false

  @Argument(help: ArgumentHelp("Posts, as many as you like, or - for standard input.", valueName: "post"))
  var posts: [String]

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let (found, refused) = try DecisionTargets.posts(posts, of: profile, in: shell)
    if !found.isEmpty {
      let question = "Withdraw \(counted(found.count, "post")) for good?"
      try FinalQuestion(question: question, otherwise: "Nothing was withdrawn.")
        .ask(isSure: yes, reads: posts, isJSON: answer.isJSON, in: shell)
    }
    let report = found.isEmpty ? nil : try profile.withdraw(posts: found, reason: reason)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell)
      .finish(report, verb: "withdraw", refused: refused, closing: FinalQuestion.closing("Withdrawing", in: shell))
  }
}
