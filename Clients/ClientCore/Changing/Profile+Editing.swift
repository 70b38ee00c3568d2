// What editors and admins do with content.

extension Profile {
  /// Puts exact revisions before the reviewers.
  public func submit(targets: [(post: String, revision: String)]) throws(ClientError) -> ChangeReport { throw .pending }

  /// A new revision made from the base (else the current one).
  public func revise(
    post: String, base: String? = nil, edit: RevisionEdit, isDraft: Bool = false
  ) throws(ClientError) -> ChangeReport { throw .pending }

  /// Takes subjects back.
  public func withdraw(posts: [String], reason: String?) throws(ClientError) -> ChangeReport { throw .pending }

  /// Ends a conflict with one revision: the first head's fields with the edit's on top.
  public func merge(post: String, edit: RevisionEdit) throws(ClientError) -> ChangeReport { throw .pending }

  /// Says who is asked to decide: names or ids of members.
  public func assign(post: String, members: [String]) throws(ClientError) -> ChangeReport { throw .pending }

  /// Queues a whole batch in one transaction. Every file that a post names must be in `media`.
  public func importBatch(
    _ file: ImportFile, media: [String: ImportMedia], submits: Bool
  ) throws(ClientError) -> ImportReport { throw .pending }
}
