// What reviewers do. Every change is durable when its function returns, and predicted by the same rules that the server
// decides by; a target that they refuse here is not queued.

extension Profile {
  /// One verdict (`approve`, `hold`, `request_changes`, `reject`) on exact revisions, of any campaigns, however many.
  public func decide(
    _ verdict: String, targets: [(post: String, revision: String)], reason: String?
  ) throws(ClientError) -> ChangeReport { throw .pending }

  /// Takes back every own decision that stands on the subject.
  public func withdrawDecision(post: String) throws(ClientError) -> ChangeReport { throw .pending }

  /// A remark; without a thread it opens one.
  public func comment(
    post: String, text: String, isInternal: Bool = false, thread: String? = nil
  ) throws(ClientError) -> ChangeReport { throw .pending }

  /// Replaces the text of an own remark.
  public func editComment(comment: String, text: String) throws(ClientError) -> ChangeReport { throw .pending }

  /// Marks a conversation as settled.
  public func resolveThread(thread: String) throws(ClientError) -> ChangeReport { throw .pending }
}
