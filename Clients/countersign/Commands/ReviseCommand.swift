// `countersign revise`: a new revision from options, a file or the editor.
import ArgumentParser
import ClientCore

/// Writes a new revision.
struct ReviseCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "revise", abstract: "Write a new revision of a post.",
    discussion: "Without --text, --file or another field it opens your editor. POST@DIGEST names the revision it is made from.")

  private static let approvalIsGone = "Its approval is gone: it was for the former text. This one has to be approved anew."

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var source: TextOptions
  @OptionGroup var fields: RevisionFieldOptions

  @Flag(help: "Keep it among the editors until it is submitted.")
  var draft = false

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let reference = try profile.resolve(post)
    let isApproved = try !draft && profile.show(reference.post, markRead: false).approvalsGiven > 0
    let report = try revised(reference, of: profile, in: shell)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(
      report, verb: "revise", closing: isApproved ? Self.approvalIsGone : nil)
  }

  private func revised(_ reference: SubjectReference, of profile: Profile, in shell: Shell) throws -> ChangeReport {
    var edit = fields.edit
    edit.text = try source.given(in: shell)
    if edit != RevisionEdit() {
      return try profile.revise(post: reference.post, base: reference.revision, edit: edit, isDraft: draft)
    }
    let former = try profile.revisionToRevise(post: reference.post, base: reference.revision, isDraft: draft)
    // From the very revision whose text stood in the editor, whatever comes in while it is open.
    return try TextEditor.edit(former.text, shell: shell) { text in
      try profile.revise(post: reference.post, base: former.digest, edit: RevisionEdit(text: text), isDraft: draft)
    }
  }
}

/// Fields of a revision beside its text.
struct RevisionFieldOptions: ParsableArguments {
  @Option(help: ArgumentHelp("New hashtags, without #, separated by spaces or commas.", valueName: "tags"))
  var hashtags: String?

  @Option(help: ArgumentHelp("A new link.", valueName: "url"))
  var link: String?

  @Option(help: ArgumentHelp("A new description of the picture.", valueName: "text"))
  var altText: String?

  @Option(help: ArgumentHelp("A new title (documents only).", valueName: "text"))
  var title: String?

  var edit: RevisionEdit {
    // The core takes them apart, as whatever else was typed is looked at there.
    RevisionEdit(hashtags: hashtags.map { [$0] }, link: link, altText: altText, title: title)
  }
}
