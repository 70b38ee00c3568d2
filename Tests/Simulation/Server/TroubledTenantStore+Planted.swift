// Bugs of deciding and storing, planted as answers of the store: nothing of the rules or of the committer is touched.
import ReviewModel
import Storage
import Trust

extension TroubledTenantStore {
  // MARK: Reading

  func planted(loaded found: [EntityKey: StoredEntity]) throws(StorageError) -> [EntityKey: StoredEntity] {
    switch bug {
    case .forgetBaseCheck: return try withoutBaseCheck(found)
    case .forgetAuthors:
      // Whoever decides is told that nobody wrote it.
      var found = found
      for (key, stored) in found where key.kind == .subject && !deciding.isEmpty {
        found[key]?.payload = changed(stored.payload) { $0.authors = [] }
      }
      return found
    case .forgetRevocation where !deciding.isEmpty: return changing(.device, in: found, notRevoked)
    case .forgetRoles where !deciding.isEmpty: return changing(.member, in: found, withEveryRole)
    default: return found
    }
  }

  private func changing(
    _ kind: EntityKind, in found: [EntityKey: StoredEntity], _ change: (StoredEntity) -> StoredEntity
  ) -> [EntityKey: StoredEntity] {
    var found = found
    for (key, stored) in found where key.kind == kind { found[key] = change(stored) }
    return found
  }

  private func notRevoked(_ stored: StoredEntity) -> StoredEntity {
    // What the rules wrote can be read.
    guard var device = try? DeviceEntity(canonical: stored.payload) else { return stored }
    device.isRevoked = false
    return StoredEntity(scope: stored.scope, seq: stored.seq, payload: device.encoded())
  }

  private func withEveryRole(_ stored: StoredEntity) -> StoredEntity {
    // As above.
    guard var member = try? MemberEntity(canonical: stored.payload) else { return stored }
    member.roles = [.admin, .editor, .reviewer]
    return StoredEntity(scope: stored.scope, seq: stored.seq, payload: member.encoded())
  }

  /// `shareEverything`: every campaign includes everybody.
  func planted(campaigns found: [StoredEntity]) -> [StoredEntity] {
    guard bug == .shareEverything else { return found }
    return found.map { stored in
      // What the rules wrote can be read.
      guard var campaign = try? CampaignEntity(canonical: stored.payload) else { return stored }
      campaign.includesEveryone = true
      return StoredEntity(scope: stored.scope, seq: stored.seq, payload: campaign.encoded())
    }
  }

  /// `forgetBaseCheck`: whatever revision a decision is about, the rules are told that it is current.
  private func withoutBaseCheck(
    _ found: [EntityKey: StoredEntity]
  ) throws(StorageError) -> [EntityKey: StoredEntity] {
    var found = found
    for envelope in deciding {
      // A body that cannot be read decides nothing.
      guard case .known(.decide(let body)) = try? Mutation.decode(envelope.body) else { continue }
      for target in body.targets {
        let key = EntityKey.subject(target.subject)
        guard let stored = found[key], var subject = try? SubjectEntity(canonical: stored.payload),
          !subject.heads.contains(target.revision), try store.load([.revision(target.revision)]).count == 1
        else { continue }
        subject.heads = [target.revision]
        subject.standing = []
        found[key]?.payload = subject.encoded()
      }
    }
    return found
  }

  /// `acceptWrongHash`: whatever an envelope says came before it, did.
  func planted(lanes: [UInt32: LanePosition], of device: Digest) -> [UInt32: LanePosition] {
    guard bug == .acceptWrongHash else { return lanes }
    var lanes = lanes
    for envelope in deciding where envelope.device == device {
      guard let position = lanes[envelope.lane], envelope.number == position.number + 1 else { continue }
      lanes[envelope.lane]?.hash = envelope.previousHash
    }
    return lanes
  }

  /// `wrongLeaf`: one row counts in the leaf beside its own.
  func planted(digestOf scope: Scope, _ digest: ScopeDigest) throws(StorageError) -> ScopeDigest {
    let request = PageRequest(
      scope: scope, after: 0, through: .max, byteLimit: 1, rowLimit: 1, includesDepartures: false)
    guard let row = try store.page(request).rows.first, let payload = row.payload else { return digest }
    var digest = digest
    let hash = ScopeDigest.itemHash(key: row.key, seq: row.seq, payload: payload)
    let leaf = ScopeDigest.leaf(of: row.key)
    digest.remove(hash, leaf: leaf)
    digest.add(hash, leaf: leaf &+ 1)
    return digest
  }

  // MARK: Writing

  func planted(_ batch: CommitBatch) -> CommitBatch {
    var batch = batch
    if bug == .keepErasedParts { batch.erasedParts = [] }
    for index in batch.writes.indices {
      guard let payload = batch.writes[index].payload else { continue }
      switch (bug, batch.writes[index].key.kind) {
      case (.ignoreVeto, .subject):
        batch.writes[index].payload = changed(payload) { $0.standing.removeAll { $0.verdict == .reject } }
      case (.overwriteHead, .subject):
        batch.writes[index].payload = changed(payload) { if $0.heads.count > 1 { $0.heads.removeFirst() } }
      case (.skipMergeParent, .revision):
        batch.writes[index].payload = withoutFirstParent(payload)
      case (.liftPauses, .pause): batch.writes[index].payload = lifted(payload)
      case (.leakInternal, .subject), (.leakInternal, .thread), (.leakInternal, .comment), (.leakInternal, .draft):
        if case .campaignInternal(let campaign) = batch.writes[index].scope { batch.writes[index].scope = .campaign(campaign) }
      default: continue
      }
    }
    return batch
  }

  private func changed(_ payload: [UInt8], _ change: (inout SubjectEntity) -> Void) -> [UInt8] {
    // What the rules wrote can be read.
    guard var subject = try? SubjectEntity(canonical: payload) else { return payload }
    change(&subject)
    return subject.encoded()
  }

  private func lifted(_ payload: [UInt8]) -> [UInt8] {
    // As above.
    guard var pause = try? PauseEntity(canonical: payload) else { return payload }
    pause.liftedBy = pause.member
    return pause.encoded()
  }

  private func withoutFirstParent(_ payload: [UInt8]) -> [UInt8] {
    // As above.
    guard var revision = try? RevisionEntity(canonical: payload), let part = Part(revision.part),
      var content = try? RevisionContent(canonical: part.content), content.parents.count > 1
    else { return payload }
    content.parents.removeFirst()
    revision.parents = content.parents
    revision.part = Part.revision(content, salt: part.salt).bytes
    return revision.encoded()
  }
}
