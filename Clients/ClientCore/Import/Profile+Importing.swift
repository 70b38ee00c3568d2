// Queues a whole batch: its campaign if that is new, its stages, and the mutation that makes all of it appear.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Queues a whole batch in one transaction. Every file that a post names must be in `media`.
  ///
  /// - Parameter again: whether posts that were imported from this device before are brought in once more.
  /// - Throws: `rejected` for such posts without `again`, and for what the rules refuse; `badInput`. Nothing is queued then.
  public func importBatch(
    _ file: ImportFile, media: [String: ImportMedia], submits: Bool, again: Bool = false
  ) throws(ClientError) -> ImportReport {
    if !again { try requireNew(file) }
    let campaign = try existingCampaign(file.campaign)
    var drafts: [ChangeDraft] = []
    var report = ImportReport(
      batch: "", campaign: "", isNewCampaign: campaign == nil, items: file.items.count,
      posts: file.items.reduce(0) { $0 + $1.posts.count }, mutations: [])
    var batch = ImportBatch()
    batch.batch = newID()
    batch.campaign = campaign ?? newID()
    batch.submits = submits
    if campaign == nil {
      let name = newPart(file.campaign, .name)
      var body = CreateCampaign()
      body.campaign = batch.campaign
      body.name = name.digest
      body.includesEveryone = true
      drafts.append(ChangeDraft(.createCampaign(body), parts: [name]))
    }
    let stages = try stages(of: file, batch: batch.batch, media: media)
    batch.stageCount = UInt32(clamping: stages.count)
    batch.stagesDigest = ImportBatch.digest(ofStages: stages.map(\.body))
    drafts += stages.map { ChangeDraft(.stageBatch($0.body), parts: $0.parts) }
    drafts.append(ChangeDraft(.importBatch(batch)))
    report.batch = batch.batch.hex
    report.campaign = batch.campaign.hex
    report.mutations = try changeWhole(drafts, of: file)
    return report
  }

  /// Queues all of the drafts, or none: the first that the rules refuse is the error.
  private func changeWhole(_ drafts: [ChangeDraft], of file: ImportFile) throws(ClientError) -> [String] {
    let cache = try currentView()
    let keeper = try keeper()
    var before = try storing { try keeper.currentPosition() }
    var replay = Replay(actor: actor)
    let now = environment.nowMilliseconds()
    var queued: [QueuedMutation] = []
    for draft in drafts {
      let mutation = queuedMutation(draft, now: now)
      try Self.requireFit(mutation)
      let outcome = try storing { try replay.play(mutation) { keys throws(StorageError) in try cache.view(keys) } }
      if outcome.status == .rejected || outcome.status == .parked {
        let code = outcome.code ?? .malformed
        if code == .notAMember { try requireFetched() }
        throw ClientError(
          code == .notPermitted || code == .notAMember ? .notPermitted : .rejected, code.sentence, remedy: code.remedy,
          details: [code.name])
      }
      queued.append(mutation)
    }
    if let last = queued.last {
      // A note is a write of its own: what was played on the view is still true after it, if nobody else wrote meanwhile.
      try noteImported(file, by: last.mutationID)
      let noted = try storing { try keeper.currentPosition() }
      if noted.baseVersion == before.baseVersion, noted.outboxVersion == before.outboxVersion + 1 { before = noted }
    }
    try append(queued, replay: &replay, keeper: keeper, before: before)
    return queued.map(\.mutationID.hex)
  }

  private func existingCampaign(_ name: String) throws(ClientError) -> CampaignID? {
    let cache = try currentView()
    let found = try storing { try EntityReader(cache: cache).campaigns().filter { $0.name == name } }
    guard found.count <= 1 else {
      throw ClientError(
        .ambiguous, "There is more than one campaign \"\(name)\".", remedy: "Give the new batch another campaign's name.",
        details: found.map(\.id.hex))
    }
    return found.first?.id
  }

  // MARK: Stages

  private struct Stage {
    var body: StageBatch
    var parts: [Part]
    var byteCount: Int
  }

  /// Room for the envelope's head, and for what lengths cost.
  private static let stageBytes = Envelope.withPartsByteLimit - (4 << 10)
  private static let partsAStage = 1_000

  private func stages(
    of file: ImportFile, batch: BatchID, media: [String: ImportMedia]
  ) throws(ClientError) -> [Stage] {
    var stages: [Stage] = []
    for (index, item) in file.items.enumerated() {
      let (body, parts) = try new(item, index: index, media: media)
      let bytes = parts.reduce(body.encoded().count + 8) { $0 + $1.bytes.count + 8 }
      guard bytes <= Self.stageBytes else {
        throw ClientError(
          .badInput, "The item \"\(item.theme)\" is too long to be sent in one piece.",
          remedy: "Split its posts into two items.", details: ["items[\(index)]"])
      }
      if let last = stages.last, last.byteCount + bytes <= Self.stageBytes, last.parts.count + parts.count <= Self.partsAStage {
        stages[stages.count - 1].body.items.append(body)
        stages[stages.count - 1].parts += parts
        stages[stages.count - 1].byteCount += bytes
      } else {
        var stage = StageBatch()
        stage.batch = batch
        stage.index = UInt32(clamping: stages.count)
        stage.items = [body]
        stages.append(Stage(body: stage, parts: parts, byteCount: bytes + 64))
      }
    }
    return stages
  }

  private func new(
    _ item: ImportFile.Item, index: Int, media: [String: ImportMedia]
  ) throws(ClientError) -> (NewItem, [Part]) {
    let content = Part.item(
      ItemContent(theme: item.theme, canonicalText: item.canonical), salt: environment.randomBytes(Part.saltByteCount))
    var body = NewItem()
    body.item = newID()
    body.content = content.digest
    var parts = [content]
    for (number, post) in item.posts.enumerated() {
      var new = NewPost()
      new.subject = newID()
      new.target = PostTarget(
        platform: post.platform, account: post.account ?? "", locale: post.locale ?? "", arm: post.arm ?? "")
      let path = "items[\(index)].posts[\(number)].media"
      let revision = Part.revision(
        try self.content(post, new, media: media, path: path), salt: environment.randomBytes(Part.saltByteCount))
      new.revision = revision.digest
      body.posts.append(new)
      parts.append(revision)
    }
    return (body, parts)
  }

  private func content(
    _ post: ImportFile.Post, _ new: NewPost, media: [String: ImportMedia], path: String
  ) throws(ClientError) -> RevisionContent {
    var content = RevisionContent()
    content.subject = new.subject
    content.target = new.target
    content.authors = [openIdentity.member]
    content.text = post.text
    content.hashtags = post.hashtags ?? []
    content.link = post.link ?? ""
    content.altText = post.altText ?? ""
    content.provenance = post.provenance.map {
      Provenance(agent: $0.agent, prompt: $0.prompt, promptVersion: $0.promptVersion, model: $0.model)
    }
    for name in post.media ?? [] {
      guard let file = media[name], let digest = Digest(hex: file.digest) else {
        throw ClientError(
          .badInput, "The file \"\(name)\" was not found.", remedy: "Put it beside the import file.", details: [path])
      }
      content.media.append(MediaReference(digest: digest, byteCount: file.size, mediaType: file.kind, fileName: name))
    }
    return content
  }
}
