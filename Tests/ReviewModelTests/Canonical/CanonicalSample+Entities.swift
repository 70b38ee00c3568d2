// Samples of the entities that devices sync.
import ReviewModel
import SyncProtocol
import Trust

extension CanonicalSample {
  static let standing = with(StandingDecision.self) {
    $0.decision = id(1)
    $0.member = id(2)
    $0.revision = digest(3)
    $0.verdict = .hold
    $0.roles = [.reviewer]
  }

  static let submission = with(Submission.self) {
    $0.member = id(1)
    $0.policy = policy
    $0.atMilliseconds = 1_780_000_000_000
  }

  static let tenantEntity = with(TenantEntity.self) {
    $0.id = id(1)
    $0.name = "Praxis Muster"
    $0.serverKey = key(2)
    $0.policy = policy
    $0.root = rootNaming
  }

  static let deviceEntity = with(DeviceEntity.self) {
    $0.id = digest(1)
    $0.member = id(2)
    $0.publicKey = key(3)
    $0.name = "Laptop"
    $0.binding = .deviceVouched
    $0.enrolledIndex = 0
    $0.vouchedBy = digest(4)
    $0.isRevoked = true
    $0.vouchedFor = [digest(5), digest(6)]
    $0.partDigests = [digest(7)]
  }

  static let early = with(EarlyReplacement.self) {
    $0.decision = id(1)
    $0.member = id(2)
    $0.replacedBy = id(3)
  }

  static let delegation = with(Delegation.self) {
    $0.member = id(1)
    $0.delegate = id(2)
  }

  static let subjectEntity = with(SubjectEntity.self) {
    $0.id = id(1)
    $0.campaign = id(2)
    $0.item = id(3)
    $0.target = target
    $0.documentKind = "brief"
    $0.documentSchemaVersion = 1
    $0.heads = [digest(4), digest(5)]
    $0.authors = [id(6)]
    $0.submission = submission
    $0.standing = [standing]
    $0.withdrawnBy = id(7)
    $0.assigned = [id(8)]
    $0.updatedMilliseconds = 9
    $0.withdrawalReason = "Out of date"
    $0.replacedEarly = [early]
    $0.delegations = [delegation]
    $0.partDigests = [digest(10)]
  }

  static let revisionEntity = with(RevisionEntity.self) {
    $0.digest = digest(1)
    $0.subject = id(2)
    $0.part = [3, 4, 5]
    $0.isErased = true
    $0.member = id(6)
    $0.atMilliseconds = 7
    $0.ledgerIndex = 8
    $0.parents = [digest(9), digest(10)]
  }

  static let decisionEntity = with(DecisionEntity.self) {
    $0.id = id(1)
    $0.subject = id(2)
    $0.revision = digest(3)
    $0.member = id(4)
    $0.device = digest(5)
    $0.verdict = .reject
    $0.reason = "Dose is wrong"
    $0.clock = clock
    $0.atMilliseconds = 6
    $0.replacedBy = id(7)
    $0.isWithdrawn = true
    $0.ledgerIndex = 8
    $0.partDigests = [digest(9)]
  }

  static let commentEntity = with(CommentEntity.self) {
    $0.id = id(1)
    $0.thread = id(2)
    $0.subject = id(3)
    $0.member = id(4)
    $0.text = "Please check"
    $0.revision = digest(5)
    $0.atMilliseconds = 6
    $0.editedMilliseconds = 7
    $0.partDigests = [digest(8), digest(9)]
  }

  static let pauseEntity = with(PauseEntity.self) {
    $0.id = id(1)
    $0.target = pauseTarget
    $0.member = id(2)
    $0.reason = "Recall"
    $0.liftedBy = id(3)
    $0.atMilliseconds = 4
    $0.partDigests = [digest(5)]
  }

  static let entities: [CanonicalSample] = entitiesOfPeople + entitiesOfContent

  private static let entitiesOfPeople: [CanonicalSample] = [
    CanonicalSample(tenantEntity, WireTenantEntity.self),
    CanonicalSample(
      with(MemberEntity.self) {
        $0.id = id(1)
        $0.name = "Dr. Weber"
        $0.roles = [.reviewer, .editor]
        $0.isRemoved = true
        $0.formerRoles = [.admin]
        $0.partDigests = [digest(2)]
      }, WireMemberEntity.self),
    CanonicalSample(deviceEntity, WireDeviceEntity.self),
    CanonicalSample(
      with(InvitationEntity.self) {
        $0.key = key(1)
        $0.member = id(2)
        $0.isServerVouched = true
        $0.usedBy = digest(3)
        $0.invitedIndex = 4
      }, WireInvitationEntity.self),
    CanonicalSample(decisionEntity, WireDecisionEntity.self),
    CanonicalSample(
      with(ThreadEntity.self) {
        $0.id = id(1)
        $0.subject = id(2)
        $0.isInternal = true
        $0.resolvedBy = id(3)
        $0.atMilliseconds = 4
      }, WireThreadEntity.self),
    CanonicalSample(commentEntity, WireCommentEntity.self),
    CanonicalSample(pauseEntity, WirePauseEntity.self),
  ]

  private static let entitiesOfContent: [CanonicalSample] = [
    CanonicalSample(
      with(CampaignEntity.self) {
        $0.id = id(1)
        $0.name = "Autumn"
        $0.brief = "Flu shots"
        $0.policy = policy
        $0.includesEveryone = true
        $0.members = [id(2)]
        $0.partDigests = [digest(3), digest(4)]
      }, WireCampaignEntity.self),
    CanonicalSample(
      with(ItemEntity.self) {
        $0.id = id(1)
        $0.campaign = id(2)
        $0.content = itemContent
        $0.posts = [id(3)]
        $0.partDigests = [digest(4)]
      }, WireItemEntity.self),
    CanonicalSample(standing, WireStandingDecision.self),
    CanonicalSample(submission, WireSubmission.self),
    CanonicalSample(early, WireEarlyReplacement.self),
    CanonicalSample(delegation, WireDelegation.self),
    CanonicalSample(subjectEntity, WireSubjectEntity.self),
    CanonicalSample(revisionEntity, WireRevisionEntity.self),
    CanonicalSample(
      with(DraftEntity.self) {
        $0.subject = id(1)
        $0.heads = [digest(2)]
        $0.base = digest(3)
        $0.authors = [id(4)]
      }, WireDraftEntity.self),
    CanonicalSample(
      with(BatchEntity.self) {
        $0.id = id(1)
        $0.campaign = id(2)
        $0.member = id(3)
        $0.itemCount = 4
        $0.postCount = 5
        $0.atMilliseconds = 6
      }, WireBatchEntity.self),
    CanonicalSample(
      with(StageEntity.self) {
        $0.batch = id(1)
        $0.index = 2
        $0.member = id(3)
        $0.items = [newItem]
        $0.parts = [[1, 2], [3]]
        $0.atMilliseconds = 4
      }, WireStageEntity.self),
  ]
}
