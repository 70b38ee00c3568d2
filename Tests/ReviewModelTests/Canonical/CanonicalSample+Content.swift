// Samples of content, statements and the ledger.
import ReviewModel
import SyncProtocol
import Trust

extension CanonicalSample {
  static let policy = with(ApprovalPolicy.self) {
    $0.approvals = 2
    $0.requiredRoles = [.admin, .reviewer]
    $0.rejectionIsAdvisory = true
    $0.approvalLifetimeSeconds = 86_400
    $0.perPost = true
  }

  static let target = PostTarget(platform: "instagram", account: "praxis_muster", locale: "de-DE", arm: "b")
  static let media = MediaReference(digest: digest(7), byteCount: 1_234_567, mediaType: "image/png", fileName: "heart.png")
  static let provenance = Provenance(agent: "writer", prompt: "post", promptVersion: "7", model: "m-1")
  static let itemContent = ItemContent(theme: "Flu shots", canonicalText: "Grippe: jetzt impfen – für Risikogruppen.")

  static let revisionContent = with(RevisionContent.self) {
    $0.subject = id(1)
    $0.target = target
    $0.authors = [id(2), id(3)]
    $0.parents = [digest(4), digest(5)]
    $0.text = "Jetzt impfen lassen \u{1F489} — e\u{301} stays as it is"
    $0.hashtags = ["#grippe", "", "#impfung"]
    $0.link = "https://praxis.example/impfen"
    $0.media = [media]
    $0.altText = "A syringe"
    $0.provenance = provenance
    $0.title = "A title"
  }

  static let content: [CanonicalSample] = [
    CanonicalSample(policy, WireApprovalPolicy.self),
    CanonicalSample(media, WireMediaReference.self),
    CanonicalSample(provenance, WireProvenance.self),
    CanonicalSample(target, WirePostTarget.self),
    CanonicalSample(revisionContent, WireRevisionContent.self),
    CanonicalSample(itemContent, WireItemContent.self),
  ]

  static let clock = HybridClock(wallMilliseconds: 1_780_000_000_123, counter: 3)
  static let seen = SeenCheckpoint(origin: "countersign.example/01/02", size: 300, root: digest(9))

  static let envelope = with(Envelope.self) {
    $0.mutationID = id(1)
    $0.tenant = id(2)
    $0.device = digest(3)
    $0.lane = 1
    $0.number = 130
    $0.previousHash = digest(4)
    $0.clock = clock
    $0.schemaVersion = 1
    $0.checkpoint = seen
    $0.body = [1, 2, 3]
  }

  static let rootNaming = with(RootNaming.self) {
    $0.tenant = id(1)
    $0.rootKey = key(2)
    $0.recoveryKey = key(3)
  }

  static let receipt = with(OutcomeReceipt.self) {
    $0.number = 5
    $0.envelopeHash = digest(1)
    $0.leafHash = digest(2)
    $0.ledgerIndex = 1_000
  }

  static let statements: [CanonicalSample] = [
    CanonicalSample(clock, WireHybridClock.self),
    CanonicalSample(seen, WireSeenCheckpoint.self),
    CanonicalSample(envelope, WireEnvelope.self),
    CanonicalSample(
      with(SessionTranscript.self) {
        $0.clientNonce = digest(1)
        $0.serverNonce = digest(2)
        $0.minimumVersion = 1
        $0.maximumVersion = 2
        $0.chosenVersion = 1
        $0.tenant = id(3)
        $0.device = digest(4)
        $0.serverKey = key(5)
        $0.tlsCertificateDigest = digest(6)
      }, WireSessionTranscript.self),
    CanonicalSample(receipt, WireOutcomeReceipt.self),
    CanonicalSample(
      with(OutcomesStatement.self) {
        $0.origin = "countersign.example/01/02"
        $0.tenant = id(1)
        $0.device = digest(2)
        $0.lane = 1
        $0.receipts = [receipt, receipt]
      }, WireOutcomesStatement.self),
    CanonicalSample(rootNaming, WireRootNaming.self),
    CanonicalSample(
      with(InvitationVouching.self) {
        $0.tenant = id(1)
        $0.inviteKey = key(2)
        $0.deviceKey = key(3)
      }, WireInvitationVouching.self),
    CanonicalSample(
      with(DeviceVouching.self) {
        $0.tenant = id(1)
        $0.oldDevice = digest(2)
        $0.deviceKey = key(3)
      }, WireDeviceVouching.self),
    CanonicalSample(
      with(CertificateStatement.self) {
        $0.serverKey = key(1)
        $0.certificateDigest = digest(2)
      }, WireCertificateStatement.self),
    CanonicalSample(
      with(InvitationCode.self) {
        $0.url = "wss://countersign.example"
        $0.tenant = id(1)
        $0.tenantName = "Praxis Muster"
        $0.serverKey = key(2)
        $0.rootFingerprint = digest(3)
        $0.seed = [UInt8](repeating: 4, count: 32)
      }, WireInvitationCode.self),
  ]

  static let targetOutcome = TargetOutcome(status: .rejected, code: .staleRevision, current: digest(1), result: digest(2))

  static let outcome = with(Outcome.self) {
    $0.status = .rejected
    $0.code = .staleRevision
    $0.targets = [targetOutcome, TargetOutcome(status: .applied)]
    $0.duplicateOf = 0
    $0.isCheckpointDisputed = true
  }

  static let touched = TouchedEntity(key: .subject(id(1)), previousIndex: 41)

  static let ledger: [CanonicalSample] = [
    CanonicalSample(targetOutcome, WireTargetOutcome.self),
    CanonicalSample(outcome, WireOutcome.self),
    CanonicalSample(touched, WireTouchedEntity.self),
    CanonicalSample(
      with(LeafRecord.self) {
        $0.envelopeHash = digest(1)
        $0.outcome = outcome
        $0.serverMilliseconds = 1_780_000_000_456
        $0.rulesVersion = 1
        $0.timeZoneVersion = "2026a"
        $0.touched = [touched, TouchedEntity(key: .device(digest(2)), previousIndex: nil)]
      }, WireLeafRecord.self),
  ]
}
