// Values that pages are printed from.
@testable import ClientCore

extension SubjectDetail {
  /// A post for Bluesky that waits for this member, with a rejection, a comment and a character that turns the text.
  static func sample() -> SubjectDetail {
    let post = String(repeating: "a", count: 32)
    let revision = String(repeating: "b", count: 64)
    let text = "Wash your hands\u{202E} before you cook."
    let summary = SubjectSummary(
      post: post, item: "i", campaign: "Spring", campaignID: "c", platform: "bluesky", account: "", locale: "de",
      documentKind: "", state: "in_review", revision: revision, title: "", text: text, updatedAt: "2026-03-04T03:06:07Z",
      waitsForMe: true, isPending: false, isErased: false)
    let head = RevisionDetail(
      digest: revision, authors: ["Erika"], parents: [], title: "", text: text, hashtags: ["hands"], link: "",
      media: [RevisionDetail.Media(name: "a.jpg", digest: "d", size: 24_000, kind: "image/jpeg", state: "pending")],
      altText: "Two hands under a tap.",
      provenance: RevisionDetail.Provenance(agent: "drafting", prompt: "advice", promptVersion: "5", model: "template-2"),
      isErased: false, isDraft: false, createdAt: "2026-03-04T03:06:07Z")
    let decision = DecisionDetail(
      decision: "d", member: "Dr. Weber", verdict: "request_changes", revision: revision, reason: "Too long.",
      at: "2026-03-04T04:06:07Z", status: "past", isPending: true, ledgerIndex: nil,
      isErased: false)
    let comment = CommentDetail(
      comment: String(repeating: "7", count: 32), thread: String(repeating: "7", count: 32), member: "Erika", text: "Better?",
      at: "2026-03-04T04:06:07Z", isEdited: true, isInternal: false, isThreadResolved: false, isPending: false,
      isErased: false)
    return SubjectDetail(
      summary: summary, arm: "", theme: "Hay fever", canonical: "", heads: [head], draft: nil, approvalsNeeded: 1,
      approvalsGiven: 0, decisions: [decision], comments: [comment], assigned: ["Dr. Weber"],
      delegations: [DelegationDetail(member: "Dr. Roth", delegate: "Dr. Weber")], allowed: ["decide"])
  }
}

extension StatusReport {
  /// A reviewer's device that has four changes to send.
  static func sample() -> StatusReport {
    StatusReport(
      profile: "default", tenant: "Praxis am Park", tenantID: "t", server: "https://countersign.example:8443",
      member: "Dr. Weber",
      memberID: "m", roles: ["reviewer", "editor"], device: String(repeating: "d", count: 64),
      rootFingerprint: String(repeating: "f", count: 64), connection: "synced", connectionDetail: "", head: 120,
      epoch: String(repeating: "e", count: 32), lastSyncedAt: "2026-03-04T03:06:07Z", failedTryAt: "",
      failedTryReason: "", nextTryAt: "", unsent: 4,
      oldestUnsentAt: "2026-03-04T03:10:07Z", refused: 0, refusedUnseen: 0, parked: 0, checkpointSize: 130,
      checkpointRoot: String(repeating: "1", count: 64), clockSkewMilliseconds: 5_000, posts: 60, waitingForMe: 12)
  }
}
