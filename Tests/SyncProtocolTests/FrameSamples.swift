// One or more frames of every kind, with every field set and with none that need not be.
import ReviewModel
import SyncProtocol
import Testing
import Trust

/// A frame of either side under a name.
struct FrameSample: Sendable, CustomTestStringConvertible {
  enum Side: Sendable, Hashable {
    case client(ClientFrame)
    case server(ServerFrame)
  }

  let name: String
  let side: Side

  init(_ name: String, _ frame: ClientFrame) {
    self.name = "client.\(name)"
    side = .client(frame)
  }

  init(_ name: String, _ frame: ServerFrame) {
    self.name = "server.\(name)"
    side = .server(frame)
  }

  var testDescription: String { name }

  func encoded(as encoding: WireEncoding) throws -> [UInt8] {
    switch side {
    case .client(let frame): try FrameCodec.encode(frame, as: encoding)
    case .server(let frame): try FrameCodec.encode(frame, as: encoding)
    }
  }

  /// The frame that the bytes are, read as the same side's.
  func decoded(_ bytes: [UInt8], as encoding: WireEncoding) throws -> Side {
    switch side {
    case .client: .client(try FrameCodec.decodeClientFrame(bytes, as: encoding))
    case .server: .server(try FrameCodec.decodeServerFrame(bytes, as: encoding))
    }
  }

  static let all = client + server
}

extension FrameSample {
  static let client: [FrameSample] = [
    FrameSample("hello", .hello(hello)),
    FrameSample("hello.first", .hello(firstHello)),
    FrameSample("prove", .prove(Prove(signature: Story.proof))),
    FrameSample(
      "subscribe",
      .subscribe(
        Subscribe(
          cursors: [ScopeCursor(scope: .tenant, cursor: 12), ScopeCursor(scope: .campaign(Story.campaign), cursor: 0)],
          isLive: true))),
    FrameSample("push", .push(Push(envelopes: [PushedEnvelope(envelope: Story.decision, parts: [Story.reason.bytes])]))),
    FrameSample(
      "fetch",
      .fetch(Fetch(request: 7, keys: [.subject(Story.subject), .revision(Story.revision.digest)], wantsWaiting: true))),
    FrameSample("proofs", ClientFrame.proofs(ProofRequest(request: 8, size: 4, indexes: [2, 3]))),
    FrameSample(
      "proofs.range",
      ClientFrame.proofs(ProofRequest(request: 9, size: 4, indexes: [], rangeStart: 1, rangeCount: 3))),
    FrameSample("repair", .repair(Repair(scope: .tenant, cursor: 12, leaves: Story.scopeLeaves))),
    FrameSample("heartbeat", ClientFrame.heartbeat(Heartbeat())),
    FrameSample("goodbye", ClientFrame.goodbye(Goodbye(code: .ordinary))),
  ]

  static let server: [FrameSample] = handshake + changes + answers

  private static let hello = Hello(
    minimumVersion: 1, maximumVersion: 1, tenant: Story.tenant, device: Story.device.publicKey.fingerprint,
    nonce: Story.digest(0xA1), seen: Story.seen, clockMilliseconds: 1_780_000_000_000, agent: "countersign 0.1")

  private static let firstHello = Hello(
    minimumVersion: 1, maximumVersion: 1, tenant: Story.tenant, device: Story.device.publicKey.fingerprint,
    nonce: Story.digest(0xA1), seen: SeenCheckpoint(), clockMilliseconds: 0, agent: "")

  private static let handshake: [FrameSample] = [
    FrameSample(
      "challenge",
      .challenge(
        Challenge(
          nonce: Story.digest(0xB2), chosenVersion: 1, serverKey: Story.server.publicKey,
          signature: Story.server.sign(Story.transcript.encoded(), as: .serverChallenge)))),
    FrameSample("welcome", .welcome(welcome)),
    FrameSample("heartbeat", ServerFrame.heartbeat(Heartbeat(heads: [ScopeHead(scope: .tenant, head: 12)]))),
    FrameSample("scope_granted", .scopeGranted(ScopeHead(scope: .campaignInternal(Story.campaign), head: 11))),
    FrameSample("scope_closed", .scopeClosed(.campaignInternal(Story.campaign))),
    FrameSample(
      "goodbye",
      ServerFrame.goodbye(Goodbye(code: .rateLimited, retryAfterMilliseconds: 5_000, detail: "Too many frames; wait."))),
  ]

  private static var welcome: Welcome {
    var welcome = Welcome()
    welcome.member = Story.member
    welcome.epoch = Story.epoch
    welcome.origin = Story.origin
    welcome.durableThrough = 3
    welcome.hasBackup = true
    welcome.lanes = [
      LaneState(lane: 0, lastNumber: 0, lastHash: .zero), LaneState(lane: 1, lastNumber: 1, lastHash: Story.enrolment.hash),
    ]
    welcome.scopes = [ScopeHead(scope: .tenant, head: 12), ScopeHead(scope: .member(Story.member), head: 0)]
    welcome.checkpointNote = Story.note
    welcome.consistency = Story.consistency
    welcome.serverMilliseconds = 1_780_000_000_500
    return welcome
  }

  private static let changes: [FrameSample] = [
    FrameSample(
      "changes", .changes(Changes(scope: .tenant, from: 9, to: 12, entries: Story.entries, remaining: 0))),
    FrameSample("changes.empty", .changes(Changes(scope: .member(Story.member), from: 0, to: 12, entries: [], remaining: 40))),
    FrameSample(
      "checkpoint",
      .checkpoint(
        CheckpointFrame(
          note: Story.note, consistency: Story.consistency,
          digests: [ScopeDigestHead(scope: .tenant, head: 12, digest: Story.scopeDigest)], durableThrough: 3))),
    FrameSample(
      "entities",
      .entities(FetchedEntities(request: 7, entries: [ScopedEntry(scope: .tenant, entry: Story.entries[0])], isLast: true))),
    FrameSample(
      "repair_page",
      .repairPage(RepairPage(scope: .tenant, head: 12, leaves: [0, 17, 255], entries: Story.entries, isLast: true))),
  ]

  private static let answers: [FrameSample] = [
    FrameSample("outcomes", .outcomes(Story.outcomes)),
    FrameSample(
      "proofs",
      ServerFrame.proofs(
        Proofs(
          request: 8, size: 4,
          entries: [
            ProvedEntry(
              index: 2, leafRecord: Story.leaves[2].encoded(), envelope: Story.decision, inclusion: Story.inclusion,
              parts: [Story.reason.bytes])
          ], refused: [3, 300], isLast: true))),
  ]
}
