// `countersign diff`: what changed, word by word, since the revision that was read last.
import ArgumentParser
import ClientCore

/// Compares revisions word by word.
struct DiffCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare a post, word by word, with the revision that you read last.",
    discussion: "POST@DIGEST compares that revision with the current one.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  @Option(help: ArgumentHelp("Compare from this revision.", valueName: "digest"))
  var from: String?

  @Option(help: ArgumentHelp("Compare to this revision (else the current one).", valueName: "digest"))
  var to: String?

  @Argument(help: ArgumentHelp("The post, or POST@DIGEST to compare from.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let reference = try profile.resolve(post)
    func full(_ digest: String) throws -> String { try profile.resolve("\(reference.post)@\(digest)").revision ?? digest }
    let diff = try profile.diff(reference.post, from: try from.map(full) ?? reference.revision, to: try to.map(full))
    if answer.isJSON { return try answer.write(diff, in: shell) }
    shell.show(
      DiffPage.lines(diff, width: shell.proseWidth, palette: shell.palette), usesPager: !answer.noPager)
  }
}
