// Batches: their stages wait unseen, and the import makes all of them appear, whole or not at all.
import ReviewModel
import Trust

extension Rules {
  static func stageBatch(_ body: StageBatch, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin, .editor)
    guard body.index < ImportBatch.stagesLimit else { throw .refused(.batchTooLarge) }
    guard !body.items.isEmpty else { throw .refused(.emptyContent) }
    try attempt.requireFree([.batch(body.batch)])
    try requireFreeStage(body, &attempt)
    var stage = StageEntity()
    stage.batch = body.batch
    stage.index = body.index
    stage.member = attempt.member.id
    stage.items = body.items
    for item in body.items {
      try requireFairPosts(of: item)
      let checked = try check(item, parts: attempt.parts, author: attempt.member.id)
      stage.parts += ([attempt.parts[item.content]].compactMap { $0 } + checked.revisions.compactMap(\.words?.part)).map(
        \.bytes)
    }
    stage.atMilliseconds = attempt.now
    attempt.write(.stage(stage), in: .staging(stage.member))
    return Outcome(targets: [TargetOutcome(status: .staged)])
  }

  /// One that has expired is free: a store may have forgotten it, and what is decided must not depend on whether it did.
  private static func requireFreeStage(_ body: StageBatch, _ attempt: inout Attempt) throws(Halt) {
    guard let entity = try attempt.entity(Footprint.stage(body.batch, body.index)) else { return }
    guard case .stage(let stage) = entity.value, stage.hasExpired(atMilliseconds: attempt.now) else {
      throw .refused(.idTaken)
    }
  }

  static func importBatch(_ body: ImportBatch, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let arrival = try arrival(in: body.campaign, submits: body.submits, &attempt)
    guard body.stageCount <= ImportBatch.stagesLimit else { throw .refused(.batchTooLarge) }
    guard body.stageCount > 0 else { throw .refused(.stageMissing) }
    try attempt.requireFree([.batch(body.batch)])
    let stages = try stages(of: body, &attempt)
    let items = stages.flatMap(\.items)
    guard items.reduce(0, { $0 + $1.posts.count }) <= ImportBatch.postsLimit else { throw .refused(.batchTooLarge) }
    let keys = items.flatMap { Footprint.keys(of: $0) }
    guard Set(keys).count == keys.count else { throw .refused(.idTaken) }
    try attempt.requireFree(keys)
    var checked: [CheckedItem] = []
    for stage in stages {
      let parts = parts(of: stage, &attempt)
      for item in stage.items { checked.append(try check(item, parts: parts, author: attempt.member.id)) }
    }
    for item in checked { write(item, arrival, &attempt) }
    // Their first revisions name the ledger's entry; thousands of links would not fit into its record.
    attempt.leaveOutOfTouched(keys)
    for stage in stages { attempt.remove(Footprint.stage(stage.batch, stage.index)) }
    write(body, items, &attempt)
    return .applied()
  }

  /// What a stage names and does not hold was erased since.
  private static func parts(of stage: StageEntity, _ attempt: inout Attempt) -> PartSet {
    let held = stage.parts.compactMap { Part($0) }
    let named = stage.items.flatMap { [$0.content] + $0.posts.map(\.revision) }
    let erased = Set(named).subtracting(held.map(\.digest))
    if !erased.isEmpty { attempt.missesWords = true }
    return PartSet(held, erased: erased)
  }

  /// All stages, in order, as they were signed for.
  private static func stages(of body: ImportBatch, _ attempt: inout Attempt) throws(Halt) -> [StageEntity] {
    try attempt.require((0..<body.stageCount).map { Footprint.stage(body.batch, $0) })
    var stages: [StageEntity] = []
    for index in 0..<body.stageCount {
      guard case .stage(let stage) = try attempt.entity(Footprint.stage(body.batch, index))?.value,
        stage.member == attempt.member.id, !stage.hasExpired(atMilliseconds: attempt.now)
      else { throw .refused(.stageMissing) }
      stages.append(stage)
    }
    let bodies = stages.map { stage in
      var body = StageBatch()
      body.batch = stage.batch
      body.index = stage.index
      body.items = stage.items
      return body
    }
    guard ImportBatch.digest(ofStages: bodies) == body.stagesDigest else { throw .refused(.stageMismatch) }
    return stages
  }

  private static func write(_ body: ImportBatch, _ items: [NewItem], _ attempt: inout Attempt) {
    var batch = BatchEntity()
    batch.id = body.batch
    batch.campaign = body.campaign
    batch.member = attempt.member.id
    batch.itemCount = UInt32(clamping: items.count)
    batch.postCount = UInt32(clamping: items.reduce(0) { $0 + $1.posts.count })
    batch.atMilliseconds = attempt.now
    attempt.write(.batch(batch), in: .campaignInternal(body.campaign))
  }
}
