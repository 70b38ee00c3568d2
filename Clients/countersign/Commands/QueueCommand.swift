// `countersign queue`: what waits for this person's decision; an empty list says why it is empty.
import ArgumentParser
import ClientCore

/// Lists what waits for this person's decision.
struct QueueCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "List what waits for your decision.",
    discussion: "With --all or --state it lists every post that you may read.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Option(help: ArgumentHelp("Only this campaign: its name or the beginning of its id.", valueName: "campaign"))
  var campaign: String?

  @Option(help: ArgumentHelp("Only this platform.", valueName: "platform"))
  var platform: String?

  @Option(
    help: ArgumentHelp(
      "Only posts in this state (in_review, approved, …), whoever must decide; repeatable.", valueName: "state"))
  var state: [String] = []

  @Flag(help: "Every post, not only what waits for you.")
  var all = false

  @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
  var limit = 100_000

  func validate() throws {
    if limit < 1 { throw ValidationError("Give a limit of 1 or more.") }
    let known = SubjectQuery.knownStates
    let isNothing = !state.isEmpty && states.isEmpty
    if isNothing || !states.allSatisfy(known.contains) {
      let unknown = states.first { !known.contains($0) } ?? ""
      throw ValidationError("There is no state “\(unknown)”. Choose from: \(known.joined(separator: ", ")).")
    }
  }

  /// Their raw values, from words as people write them: `in review,Approved`.
  private var states: [String] {
    state.flatMap { $0.lowercased().split(separator: ",") }.map { word in
      String(word.drop { $0 == " " }.map { "- ".contains($0) ? "_" : $0 })
    }
  }

  nonisolated(nonsending) func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let query = SubjectQuery(
      campaign: campaign, platform: platform, states: states, waitsForMe: !all && states.isEmpty, limit: limit)
    if answer.isJSON { return try answer.write(list: profile.list(query), in: shell) }
    let subjects = try profile.subjects(query)
    if subjects.isEmpty { try explainNothing(profile, query, in: shell) }
    SubjectTable.show(subjects, in: shell, usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }

  /// An empty list says why: nothing is there, or nothing is for this person.
  private func explainNothing(_ profile: Profile, _ query: SubjectQuery, in shell: Shell) throws {
    let others = try profile.list(SubjectQuery(campaign: campaign, platform: platform))
    let what = query.waitsForMe ? "Nothing waits for your decision." : "No post is in that state."
    if others.isEmpty {
      let everything = try profile.list(SubjectQuery())
      let platforms = Set(everything.map(\.platform)).subtracting([""]).sorted().joined(separator: ", ")
      let nothing = "There are no posts yet. Try \(shell.typed("sync"))."
      shell.note(everything.isEmpty ? nothing : "No post matches. This device holds posts for \(platforms).")
    } else {
      shell.note("\(what) There are \(SubjectTable.states(others)); \(shell.typed("queue", "--all")) lists them.")
    }
  }
}
