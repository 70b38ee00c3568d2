// Samples of the bodies of mutations.
import ReviewModel
import SyncProtocol
import Trust

extension CanonicalSample {
  static let people: [CanonicalSample] = [
    CanonicalSample(createTenant, WireCreateTenant.self),
    CanonicalSample(nameRoot, WireNameRoot.self),
    CanonicalSample(inviteMember, WireInviteMember.self),
    CanonicalSample(enrolDevice, WireEnrolDevice.self),
    CanonicalSample(with(VouchDevice.self) { $0.device = digest(1) }, WireVouchDevice.self),
    CanonicalSample(
      with(SetRoles.self) {
        $0.member = id(1)
        $0.roles = [.viewer, .editor]
      }, WireSetRoles.self),
    CanonicalSample(with(RevokeDevice.self) { $0.device = digest(1) }, WireRevokeDevice.self),
    CanonicalSample(
      with(SetPolicy.self) {
        $0.campaign = id(1)
        $0.policy = policy
      }, WireSetPolicy.self),
  ]

  static let createTenant = with(CreateTenant.self) {
    $0.tenant = id(1)
    $0.serverKey = key(2)
    $0.epoch = id(3)
    $0.name = digest(4)
    $0.policy = policy
  }

  static let nameRoot = with(NameRoot.self) {
    $0.root = rootNaming
    $0.serverSignature = signature(4)
  }

  static let inviteMember = with(InviteMember.self) {
    $0.member = id(1)
    $0.roles = [.reviewer, .admin]
    $0.inviteKey = key(2)
    $0.name = digest(3)
  }

  static let enrolDevice = with(EnrolDevice.self) {
    $0.publicKey = key(1)
    $0.name = digest(2)
    $0.inviteKey = key(3)
    $0.inviteSignature = signature(4)
    $0.oldDevice = digest(5)
    $0.oldDeviceSignature = signature(6)
  }

  static let decisionTarget = with(DecisionTarget.self) {
    $0.decision = id(1)
    $0.subject = id(2)
    $0.revision = digest(3)
    $0.replaces = [id(4), id(5)]
  }

  static let pauseTarget = with(PauseTarget.self) {
    $0.subject = id(1)
    $0.campaign = id(2)
    $0.platform = "linkedin"
  }

  static let decide = with(Decide.self) {
    $0.verdict = .requestChanges
    $0.reason = digest(1)
    $0.targets = [decisionTarget]
  }

  static let addComment = with(AddComment.self) {
    $0.subject = id(1)
    $0.thread = id(2)
    $0.comment = id(3)
    $0.text = digest(4)
    $0.isInternal = true
    $0.revision = digest(5)
  }

  static let pause = with(Pause.self) {
    $0.pause = id(1)
    $0.target = pauseTarget
    $0.reason = digest(2)
  }

  static let review: [CanonicalSample] = [
    CanonicalSample(RevisionTarget(subject: id(1), revision: digest(2)), WireRevisionTarget.self),
    CanonicalSample(
      with(Submit.self) { $0.targets = [RevisionTarget(subject: id(1), revision: digest(2))] }, WireSubmit.self),
    CanonicalSample(decisionTarget, WireDecisionTarget.self),
    CanonicalSample(decide, WireDecide.self),
    CanonicalSample(
      with(WithdrawDecision.self) {
        $0.subject = id(1)
        $0.decision = id(2)
      }, WireWithdrawDecision.self),
    CanonicalSample(addComment, WireAddComment.self),
    CanonicalSample(
      with(EditComment.self) {
        $0.comment = id(1)
        $0.text = digest(2)
      }, WireEditComment.self),
    CanonicalSample(with(ResolveThread.self) { $0.thread = id(1) }, WireResolveThread.self),
    CanonicalSample(
      with(AssignReviewer.self) {
        $0.subject = id(1)
        $0.members = [id(2), id(3)]
      }, WireAssignReviewer.self),
    CanonicalSample(
      with(Delegate.self) {
        $0.subjects = [id(1), id(2)]
        $0.member = id(3)
      }, WireDelegate.self),
    CanonicalSample(pauseTarget, WirePauseTarget.self),
    CanonicalSample(pause, WirePause.self),
    CanonicalSample(with(Resume.self) { $0.pauses = [id(1), id(2)] }, WireResume.self),
  ]

  static let newPost = with(NewPost.self) {
    $0.subject = id(1)
    $0.target = target
    $0.revision = digest(2)
  }

  static let newItem = with(NewItem.self) {
    $0.item = id(1)
    $0.content = digest(2)
    $0.posts = [newPost, newPost]
  }

  static let createCampaign = with(CreateCampaign.self) {
    $0.campaign = id(1)
    $0.name = digest(2)
    $0.brief = digest(3)
    $0.policy = policy
    $0.includesEveryone = true
    $0.members = [id(4)]
  }

  static let createDocument = with(CreateDocument.self) {
    $0.campaign = id(1)
    $0.subject = id(2)
    $0.documentKind = "brief"
    $0.documentSchemaVersion = 2
    $0.revision = digest(3)
    $0.submits = true
  }

  static let importBatch = with(ImportBatch.self) {
    $0.batch = id(1)
    $0.campaign = id(2)
    $0.stageCount = 300
    $0.stagesDigest = digest(3)
    $0.submits = true
  }

  static let contentMutations: [CanonicalSample] = [
    CanonicalSample(createCampaign, WireCreateCampaign.self),
    CanonicalSample(
      with(SetCampaignMembers.self) {
        $0.campaign = id(1)
        $0.includesEveryone = true
        $0.members = [id(2)]
      }, WireSetCampaignMembers.self),
    CanonicalSample(newPost, WireNewPost.self),
    CanonicalSample(newItem, WireNewItem.self),
    CanonicalSample(
      with(CreateItem.self) {
        $0.campaign = id(1)
        $0.item = newItem
        $0.submits = true
      }, WireCreateItem.self),
    CanonicalSample(createDocument, WireCreateDocument.self),
    CanonicalSample(
      with(StageBatch.self) {
        $0.batch = id(1)
        $0.index = 2
        $0.items = [newItem]
      }, WireStageBatch.self),
    CanonicalSample(importBatch, WireImportBatch.self),
    CanonicalSample(
      with(Revise.self) {
        $0.subject = id(1)
        $0.base = digest(2)
        $0.revision = digest(3)
        $0.isDraft = true
      }, WireRevise.self),
    CanonicalSample(
      with(Merge.self) {
        $0.subject = id(1)
        $0.heads = [digest(2), digest(3)]
        $0.revision = digest(4)
      }, WireMerge.self),
    CanonicalSample(
      with(Withdraw.self) {
        $0.subjects = [id(1), id(2)]
        $0.reason = digest(3)
      }, WireWithdraw.self),
    CanonicalSample(with(ErasureTarget.self) { ($0.kind, $0.id) = (.comment, [1, 2]) }, WireErasureTarget.self),
    CanonicalSample(
      with(Erase.self) {
        $0.targets = [ErasureTarget(.revision(digest(1))), ErasureTarget(.member(id(2)))]
        $0.reason = digest(3)
      }, WireErase.self),
  ]
}
