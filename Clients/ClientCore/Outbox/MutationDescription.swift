// What a queued mutation was about, in words for people: kind, verdict, the member's own words, and its targets.
import ReviewModel
import Storage
import SyncEngine
import Trust

struct MutationDescription {
  /// `decide`, `revise` … as in the protocol.
  var kind = "unknown"
  var verdict = ""
  var words = ""
  /// In the order of the outcome's targets; one without a subject for mutations that have none.
  var targets: [Target] = [Target()]

  struct Target {
    var subject: SubjectID?
    /// What was seen; where nothing was to be seen, what was made.
    var revision: Digest?
    /// The revision that was made from what was seen.
    var made: Digest?
    /// What an erasure names.
    var erased: EntityKey?
  }

  init(_ mutation: QueuedMutation) {
    let parts = PartSet(mutation.parts)
    func words(_ digest: Digest?) -> String {
      guard let digest else { return "" }
      guard let part = parts[digest] else { return ErasureMark.text }
      return part.text ?? ""
    }
    do {
      guard case .known(let body) = try Mutation.decode(mutation.body) else { return }
      describe(body, words: words, parts: parts)
    } catch {
      kind = "unreadable"
    }
  }

  private mutating func describe(_ body: Mutation, words text: (Digest?) -> String, parts: PartSet) {
    switch body {
    case .decide(let body):
      (kind, verdict, words) = ("decide", body.verdict.name, text(body.reason))
      targets = body.targets.map { Target(subject: $0.subject, revision: $0.revision) }
    case .submit(let body):
      kind = "submit"
      targets = body.targets.map { Target(subject: $0.subject, revision: $0.revision) }
    case .withdraw(let body):
      (kind, words) = ("withdraw", text(body.reason))
      targets = body.subjects.map { Target(subject: $0) }
    case .revise(let body):
      (kind, words) = (body.isDraft ? "draft" : "revise", Self.content(body.revision, parts))
      targets = [Target(subject: body.subject, revision: body.base, made: body.revision)]
    case .merge(let body):
      (kind, words) = ("merge", Self.content(body.revision, parts))
      targets = [Target(subject: body.subject, revision: body.heads.first, made: body.revision)]
    case .withdrawDecision(let body): (kind, targets) = ("withdraw_decision", [Target(subject: body.subject)])
    case .comment(let body):
      (kind, words) = ("comment", text(body.text))
      targets = [Target(subject: body.subject, revision: body.revision)]
    case .editComment(let body): (kind, words) = ("edit_comment", text(body.text))
    case .resolveThread: kind = "resolve_thread"
    case .assignReviewer(let body): (kind, targets) = ("assign", [Target(subject: body.subject)])
    case .delegate(let body): (kind, targets) = ("delegate", body.subjects.map { Target(subject: $0) })
    case .pause(let body): (kind, words) = ("pause", text(body.reason))
    case .resume(let body): (kind, targets) = ("resume", body.pauses.map { _ in Target() })
    default: describeRest(body, words: text)
    }
  }

  private mutating func describeRest(_ body: Mutation, words text: (Digest?) -> String) {
    switch body {
    case .erase(let body):
      (kind, words) = ("erase", text(body.reason))
      targets = body.targets.map { Target.erased($0.key) }
    case .createCampaign(let body): (kind, words) = ("create_campaign", text(body.name))
    case .setCampaignMembers: kind = "set_campaign_members"
    case .createItem(let body):
      kind = "create_item"
      targets = [Target(subject: body.item.posts.first?.subject, revision: body.item.posts.first?.revision)]
    case .createDocument(let body):
      kind = "create_document"
      targets = [Target(subject: body.subject, revision: body.revision)]
    case .stageBatch: kind = "stage_batch"
    case .importBatch: kind = "import_batch"
    case .inviteMember(let body): (kind, words) = ("invite_member", text(body.name))
    case .nameRoot: kind = "name_root"
    case .enrolDevice: kind = "enrol_device"
    case .vouchDevice: kind = "vouch_device"
    case .setRoles: kind = "set_roles"
    case .revokeDevice: kind = "revoke_device"
    case .setPolicy: kind = "set_policy"
    default: break
    }
  }

  private static func content(_ digest: Digest, _ parts: PartSet) -> String {
    guard let part = parts[digest] else { return ErasureMark.text }
    do {
      return try RevisionContent(tolerating: part.content).text
    } catch {
      return ""
    }
  }

  /// `approve of 3 posts`, `erase of 3 revisions, 1 comment`.
  var summary: String {
    let erased = targets.compactMap { $0.erased?.kind }
    if !erased.isEmpty { return "\(kind) of \(Erasure.counted(erased))" }
    let subjects = targets.compactMap(\.subject).count
    let what = verdict.isEmpty ? command : verdict.replacing("_", with: "-")
    return switch subjects {
    case 0: what
    case 1: "\(what) of 1 post"
    default: "\(what) of \(subjects) posts"
    }
  }

  /// The command that makes such a change.
  private var command: String {
    switch kind {
    case "withdraw_decision": "retract"
    case "draft": "revise --draft"
    case "edit_comment": "comment edit"
    case "resolve_thread": "resolve"
    case "create_campaign", "create_item", "create_document", "stage_batch", "import_batch": "import"
    case "invite_member": "invite"
    case "revoke_device": "device revoke"
    default: kind.replacing("_", with: " ")
    }
  }

  /// What to do when it can no longer be taken back.
  var instead: String {
    switch kind {
    case "decide": "Take it back with retract, or decide again: the newer decision takes its place."
    case "withdraw_decision": "Decide again; show prints the line to type."
    case "revise", "merge", "draft": "Revise again from what is current."
    case "submit": "Take the post back with withdraw, or revise it."
    case "comment": "Change it with comment edit; thread tells its digits."
    case "pause": "An admin can lift it with resume."
    case "revoke_device": "It cannot be undone: enrol the device anew, with an invitation."
    case "erase": "It cannot be undone: the words are gone, from every device once it has synced."
    case "import_batch", "stage_batch", "create_item": "Take the posts back with withdraw."
    default: "It has been offered to the server; a further change can follow it."
    }
  }
}

extension MutationDescription.Target {
  /// A revision stands where revisions do, and a post where posts do; the rest is named by its kind and id.
  static func erased(_ key: EntityKey) -> MutationDescription.Target {
    MutationDescription.Target(
      subject: key.kind == .subject ? SubjectID(key.id) : nil, revision: key.kind == .revision ? Digest(key.id) : nil,
      erased: key)
  }
}
