// Reading what this device holds: local, at once, without a network.

extension Profile {
  /// Subjects as the query narrows them: what waits for this member first, then the newest first.
  public func list(_ query: SubjectQuery) throws(ClientError) -> [SubjectSummary] { throw .pending }

  /// Subjects in which every word occurs; words match by prefix.
  public func search(_ text: String, limit: Int) throws(ClientError) -> [SubjectSummary] { throw .pending }

  /// What a short reference means: at least 4 digits of a subject's id, perhaps `@` and at least 8 digits of a revision.
  ///
  /// - Throws: `ambiguous` with the candidates in `details`, `notFound`, or `badInput` for what is no reference.
  public func resolve(_ reference: String) throws(ClientError) -> SubjectReference { throw .pending }

  /// Everything about one subject, and (unless told not to) remembers its current revision as read.
  public func show(_ post: String, markRead: Bool = true) throws(ClientError) -> SubjectDetail { throw .pending }

  /// How two revisions differ: from the one read last (else the parent) to the current one, unless named.
  public func diff(_ post: String, from: String? = nil, to: String? = nil) throws(ClientError) -> RevisionDiff {
    throw .pending
  }

  /// Who did what with a subject, oldest first.
  public func history(_ post: String) throws(ClientError) -> [HistoryEntry] { throw .pending }

  /// What the server answered, newest first; what was damaged here is among the refused.
  public func outcomes(refusedOnly: Bool, limit: Int) throws(ClientError) -> [OutcomeReport] { throw .pending }

  /// Every campaign that this member may read, by name.
  public func campaigns() throws(ClientError) -> [CampaignSummary] { throw .pending }

  /// Every member of the tenant, by name.
  public func members() throws(ClientError) -> [MemberSummary] { throw .pending }

  /// One screen about this device.
  public func status() throws(ClientError) -> StatusReport { throw .pending }

  /// Writes `entities.jsonl` with everything that the server has given to this device, pending changes left out.
  /// Answers how many entities.
  public func export(toDirectory: String) throws(ClientError) -> Int { throw .pending }
}
