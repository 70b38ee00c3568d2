// `countersign import`: brings a batch in whole, or names every fault and brings in nothing.
import ArgumentParser
import ClientCore

/// Brings a batch of posts in, whole or not at all.
struct ImportCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Bring in a batch of posts from JSON or CSV, whole or not at all.",
    discussion: "Pictures and films are named in the file and lie beside it. Every faulty line is named at once.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var change: ChangeOptions

  @Flag(help: "Put the posts before their reviewers at once.")
  var submit = false

  @Option(help: ArgumentHelp("The campaign; required for CSV, and instead of the file's for JSON.", valueName: "name"))
  var campaign: String?

  @Flag(help: "Only look for faults.")
  var check = false

  @Flag(help: "Bring the posts in once more, though they were imported from this device before.")
  var again = false

  @Argument(help: ArgumentHelp("A .json or .csv file.", valueName: "file"))
  var file: String

  func run(in shell: Shell) async throws {
    let source = try ImportSource(path: file, campaign: campaign)
    let batch = try source.read()
    let media = try source.media(of: batch)
    if check { return try tellChecked(batch, in: shell) }
    try answer.requireFields(of: ImportAnswer(checked: batch), identifier: "batch")
    let profile = try profile.open(in: shell)
    let report = try queue(batch, media, on: profile)
    let delivery = try await DeliveryRun(profile: profile, options: change, shell: shell).deliver(report.mutations)
    let result = ImportAnswer(report, delivery: delivery, isWaiting: change.wait != nil)
    if answer.isJSON {
      try answer.write(result, identifier: "batch", in: shell)
    } else {
      let kind = report.isNewCampaign ? "new campaign" : "campaign"
      shell.output.line(
        "\(counted(report.posts, "post")) of \(counted(report.items, "item")) for the \(kind) "
          + "“\(SafeText.line(batch.campaign))”: \(result.words)")
      for line in result.helps(width: shell.proseWidth) { shell.output.line(line) }
      shell.output.flush()
      if let note = delivery.note { shell.note(note, delivery.isRefused ? .red : .dim) }
    }
    if result.exit != 0 { throw CommandFailure.silent(result.exit) }
  }

  private func queue(
    _ batch: ImportFile, _ media: [String: ImportMedia], on profile: Profile
  ) throws -> ImportReport {
    do {
      return try profile.importBatch(batch, media: media, submits: submit, again: again)
    } catch {
      guard error.details == [Profile.alreadyImported] else { throw error }
      var told = error
      told.remedy = "Look at what is there; if they are meant twice, import the file with --again."
      throw told
    }
  }

  private func tellChecked(_ batch: ImportFile, in shell: Shell) throws {
    let checked = ImportAnswer(checked: batch)
    if answer.isJSON { return try answer.write(checked, identifier: "batch", in: shell) }
    shell.note("\(SafeText.line(file)): \(counted(checked.items, "item")), \(counted(checked.posts, "post")), no faults.")
  }
}

/// What an import answers.
struct ImportAnswer: Encodable {
  var batch: String
  var campaign: String
  var newCampaign: Bool
  var items: Int
  var posts: Int
  var mutations: [String]
  /// `queued`, `applied`, `rejected`, `parked` or `damaged`; `checked` if faults were looked for and nothing was imported.
  var status: String
  var code: String
  var reason: String
  /// What would make it succeed; empty if nothing was refused.
  var remedy: String
  var sync: String
  var exit: Int32

  enum CodingKeys: String, CodingKey {
    case batch, campaign, items, posts, mutations, status, code, reason, remedy, sync, exit
    case newCampaign = "new_campaign"
  }

  init(_ report: ImportReport, delivery: Delivery, isWaiting: Bool) {
    (batch, campaign, newCampaign) = (report.batch, report.campaign, report.isNewCampaign)
    (items, posts, mutations) = (report.items, report.posts, report.mutations)
    let refused = delivery.answered.first { $0.exit != 0 }
    status = refused?.status ?? (delivery.isComplete ? "applied" : "queued")
    code = refused?.code ?? ""
    reason = refused?.reason ?? ""
    remedy = refused?.remedy ?? ""
    sync = delivery.sync
    exit = ExitStatus.gravest(delivery.answered.map(\.exit))
    if !delivery.isComplete { exit = delivery.unansweredExit(isWaiting: isWaiting) }
  }

  /// Of a file without faults that was only looked at.
  init(checked file: ImportFile) {
    (batch, campaign, newCampaign, mutations) = ("", "", false, [])
    (items, posts) = (file.items.count, file.items.map(\.posts.count).reduce(0, +))
    (status, code, reason, remedy, sync, exit) = ("checked", "", "", "", "nothing_to_send", 0)
  }

  /// For people.
  var words: String {
    switch status {
    case "applied": "done"
    case "queued" where exit == ExitStatus.refused.rawValue: "NOT SENT, kept on this device"
    case "queued": "saved, waiting for the server"
    default: status.uppercased() + (code.isEmpty ? "" : " (\(code))") + ": " + SafeText.line(reason)
    }
  }

  /// Below them, as below every refusal.
  func helps(width: Int) -> [String] {
    remedy.isEmpty ? [] : WordWrap.indented("What helps: " + SafeText.line(remedy), width: width)
  }
}
