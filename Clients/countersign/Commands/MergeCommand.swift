// `countersign merge`: ends a conflict with one revision, from a version, options or the editor.
import ArgumentParser
import ClientCore

/// Ends a conflict.
struct MergeCommand: ChangeCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "End a conflict: make one revision of several versions.",
    discussion: """
      Takes the first version with the fields that you give on top, or with --take another version whole. Without either it \
      opens your editor with all versions' texts.
      """)

  private static let marker = "======== countersign: keep one text, delete the rest and this line ========"

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var source: TextOptions
  @OptionGroup var fields: RevisionFieldOptions

  @Option(help: ArgumentHelp("Take this version (the beginning of its digest).", valueName: "digest"))
  var take: String?

  @Argument(help: ArgumentHelp("The post.", valueName: "post"))
  var post: String

  func run(in shell: Shell) async throws {
    let profile = try profile.open(in: shell)
    let reference = try profile.resolve(post)
    let heads = try profile.versions(toMerge: reference.post)
    let edit = try edit(heads, of: profile.shortID(reference.post, digits: ShortForm.postDigits), in: shell)
    let report = try merged(heads, by: edit, of: profile, reference, in: shell)
    try await ChangeRun(profile: profile, options: change, answer: answer, shell: shell).finish(report, verb: "merge")
  }

  private func edit(_ heads: [RevisionDetail], of post: String, in shell: Shell) throws -> RevisionEdit {
    var edit = fields.edit
    // Without a conflict there are no versions; that is for the rules to say.
    if let take, heads.count > 1 {
      let head = try CommentText.only(
        heads.filter { $0.digest.hasPrefix(take.lowercased()) }, "version", take, shownBy: shell.typed("show", post))
      edit = RevisionEdit(
        text: head.text, hashtags: edit.hashtags ?? head.hashtags, link: edit.link ?? head.link,
        altText: edit.altText ?? head.altText, title: edit.title ?? head.title)
    }
    if let text = try source.given(in: shell) { edit.text = text }
    return edit
  }

  private func merged(
    _ heads: [RevisionDetail], by edit: RevisionEdit, of profile: Profile, _ reference: SubjectReference, in shell: Shell
  ) throws -> ChangeReport {
    // Where no conflict is there is nothing to write: the rules say so at once.
    guard edit == RevisionEdit(), heads.count > 1 else { return try profile.merge(post: reference.post, edit: edit) }
    try requireEditor(heads, of: profile.shortID(reference.post, digits: ShortForm.postDigits), in: shell)
    let versions = heads.map(\.text).joined(separator: "\n\(Self.marker)\n")
    return try TextEditor.edit(versions, shell: shell) { text in
      guard !text.contains(Self.marker) else {
        throw CommandFailure(.cancelled, "not_merged", "The line between the versions is still there; nothing was changed.")
      }
      // A version that came in meanwhile stood in no editor.
      return try profile.merge(post: reference.post, edit: RevisionEdit(text: text), of: heads.map(\.digest))
    }
  }

  /// Where nobody can open an editor, the versions can be taken as they are.
  private func requireEditor(_ heads: [RevisionDetail], of post: String, in shell: Shell) throws {
    if shell.terminal.isInput { return }
    throw CommandFailure(
      .usage, "text_missing", "There is no text, and no terminal to write it on. To take one version whole, type one of:",
      remedy: "Or give a text by --text or --file.",
      details: heads.map { shell.typed("merge", post, "--take", ShortForm.revision($0.digest)) })
  }
}
