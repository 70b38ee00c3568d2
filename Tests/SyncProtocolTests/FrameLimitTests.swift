// Every list and text of a frame is bounded, and pages filled by the size that the codec gives always fit.
import ReviewModel
import SyncProtocol
import Testing
import Trust

struct FrameLimitTests {
  /// Why a frame is refused, by whoever writes it or by whoever reads it: the same in both encodings; nil if it is read.
  private func refusal(_ frame: ClientFrame) -> WireError.Code? {
    agreed(WireEncoding.allCases.map { refusal(frame, as: $0) })
  }

  private func refusal(_ frame: ServerFrame) -> WireError.Code? {
    agreed(WireEncoding.allCases.map { refusal(frame, as: $0) })
  }

  private func agreed(_ codes: [WireError.Code?]) -> WireError.Code? {
    #expect(codes.count == WireEncoding.allCases.count && Set(codes).count == 1, "\(codes)")
    return codes[0]
  }

  private func refusal(_ frame: ClientFrame, as encoding: WireEncoding) -> WireError.Code? {
    guard let bytes = try? FrameCodec.encode(frame, as: encoding) else { return .tooLarge }
    do {
      _ = try FrameCodec.decodeClientFrame(bytes, as: encoding)
      return nil
    } catch {
      return error.code
    }
  }

  private func refusal(_ frame: ServerFrame, as encoding: WireEncoding) -> WireError.Code? {
    guard let bytes = try? FrameCodec.encode(frame, as: encoding) else { return .tooLarge }
    do {
      _ = try FrameCodec.decodeServerFrame(bytes, as: encoding)
      return nil
    } catch {
      return error.code
    }
  }

  private func cursors(_ count: Int) -> [ScopeCursor] {
    (0..<count).map { _ in ScopeCursor(scope: .campaignInternal(Story.campaign), cursor: .max) }
  }

  @Test func `lists of client frames are bounded`() {
    #expect(refusal(.subscribe(Subscribe(cursors: cursors(512), isLive: true))) == nil)
    #expect(refusal(.subscribe(Subscribe(cursors: cursors(513), isLive: true))) == .tooLarge)
    let keys = [EntityKey](repeating: .subject(Story.subject), count: 257)
    #expect(refusal(.fetch(Fetch(request: 1, keys: Array(keys.dropLast()), wantsWaiting: false))) == nil)
    #expect(refusal(.fetch(Fetch(request: 1, keys: keys, wantsWaiting: false))) == .tooLarge)
    #expect(refusal(.proofs(ProofRequest(request: 1, size: 1, indexes: [UInt64](repeating: .max, count: 256)))) == nil)
    #expect(refusal(.proofs(ProofRequest(request: 1, size: 1, indexes: [UInt64](repeating: 1, count: 257)))) == .tooLarge)
    #expect(refusal(.proofs(ProofRequest(request: 1, size: 1, indexes: [], rangeCount: 1_001))) == .tooLarge)
    let pushed = [PushedEnvelope](repeating: PushedEnvelope(envelope: Story.pause, parts: []), count: 129)
    #expect(refusal(.push(Push(envelopes: Array(pushed.dropLast())))) == nil)
    #expect(refusal(.push(Push(envelopes: pushed))) == .tooLarge)
  }

  @Test func `the note in a proof is bounded`() {
    func prove(_ count: Int) -> ClientFrame {
      .prove(Prove(signature: Story.proof, seenNote: [UInt8](repeating: 0xFF, count: count)))
    }
    #expect(refusal(prove(WireLimits.noteBytes)) == nil)
    #expect(refusal(prove(WireLimits.noteBytes + 1)) == .tooLarge)
  }

  @Test(arguments: [0, 1, 255, 257]) func `a repair names exactly 256 leaves`(count: Int) {
    let leaves = [Digest](repeating: .zero, count: count)
    let code = refusal(.repair(Repair(scope: .tenant, cursor: 0, leaves: leaves)))
    #expect(code == (count > 256 ? .tooLarge : .malformed))
  }

  @Test func `texts are bounded in bytes`() {
    func hello(_ agent: String) -> ClientFrame {
      .hello(
        Hello(
          minimumVersion: 1, maximumVersion: 1, tenant: .zero, device: .zero, nonce: .zero, seen: SeenCheckpoint(),
          clockMilliseconds: 0, agent: agent))
    }
    #expect(refusal(hello(String(repeating: "ü", count: 32))) == nil)
    #expect(refusal(hello(String(repeating: "ü", count: 33))) == .tooLarge)
    #expect(refusal(ServerFrame.goodbye(Goodbye(code: .idle, detail: String(repeating: "a", count: 513)))) == .tooLarge)
  }

  @Test func `a page's rows are ascending and inside of the page`() {
    func changes(_ from: UInt64, _ to: UInt64, _ seqs: [UInt64]) -> ServerFrame {
      let entries = seqs.map { ChangeEntry(seq: $0, key: .subject(Story.subject), payload: nil) }
      return .changes(Changes(scope: .tenant, from: from, to: to, entries: entries))
    }
    #expect(refusal(changes(1, 9, [2, 5, 9])) == nil)
    #expect(refusal(changes(1, 9, [1])) == .malformed)
    #expect(refusal(changes(1, 9, [10])) == .malformed)
    #expect(refusal(changes(1, 9, [5, 4])) == .malformed)
    #expect(refusal(changes(9, 1, [])) == .malformed)
    #expect(refusal(changes(0, 3_000, Array(1...2_001))) == .tooLarge)
  }

  @Test func `ids are as long as their kind's, and hidden scopes are never named`() {
    let short = EntityKey(kind: .revision, id: [UInt8](repeating: 1, count: 16))
    #expect(refusal(.fetch(Fetch(request: 1, keys: [short], wantsWaiting: false))) == .malformed)
    let hidden = ScopeCursor(scope: .staging(.zero), cursor: 0)
    #expect(refusal(.subscribe(Subscribe(cursors: [hidden], isLive: false))) == .malformed)
    #expect(refusal(.scopeClosed(.staging(.zero))) == .malformed)
  }

  @Test func `the largest envelope fits into a frame in both encodings`() throws {
    let small = (0..<1_800).map { Part(salt: Story.salt(1), kind: .name, content: [UInt8($0 % 256)]).bytes }
    for parts in [small, [[UInt8](repeating: 7, count: 59_000)]] {
      let room = WireLimits.envelopeWithPartsBytes - parts.reduce(0) { $0 + $1.count }
      let envelope = SignedEnvelope(bytes: [UInt8](repeating: 1, count: room), signature: Story.proof)
      for encoding in WireEncoding.allCases {
        let frame = ClientFrame.push(Push(envelopes: [PushedEnvelope(envelope: envelope, parts: parts)]))
        let bytes = try FrameCodec.encode(frame, as: encoding)
        #expect(try FrameCodec.decodeClientFrame(bytes, as: encoding) == frame)
      }
      let larger = SignedEnvelope(bytes: envelope.bytes + [1], signature: Story.proof)
      #expect(refusal(.push(Push(envelopes: [PushedEnvelope(envelope: larger, parts: parts)]))) == .tooLarge)
    }
  }

  @Test(arguments: [0, 1, 40, 300, 5_000, WireLimits.payloadBytes])
  func `a page that is filled by size fits in both encodings`(payloadBytes: Int) throws {
    let payload = [UInt8](repeating: 1, count: payloadBytes)
    let entries = (1...3_000).map {
      ChangeEntry(seq: UInt64($0) + .max / 2, key: .invitation(Story.invite.publicKey), payload: payload)
    }
    let count = FrameCodec.fitting(entries, limit: WireLimits.entriesAPage) { FrameCodec.size(of: $0) }
    #expect(count >= 1)
    let page = Array(entries.prefix(count))
    let scope = Scope.campaignInternal(Story.campaign)
    let scoped = page.map { ScopedEntry(scope: scope, entry: $0) }
    let scopedCount = FrameCodec.fitting(scoped, limit: WireLimits.entriesAPage) { FrameCodec.size(of: $0) }
    let frames: [ServerFrame] = [
      .changes(Changes(scope: scope, from: .max / 2, to: .max, entries: page, remaining: .max)),
      .repairPage(RepairPage(scope: scope, head: .max, leaves: Array(0...255), entries: page, isLast: true)),
      .entities(FetchedEntities(request: .max, entries: Array(scoped.prefix(scopedCount)), isLast: true)),
    ]
    for frame in frames {
      for encoding in WireEncoding.allCases {
        let bytes = try FrameCodec.encode(frame, as: encoding)
        #expect(try FrameCodec.decodeServerFrame(bytes, as: encoding) == frame)
      }
    }
  }

  @Test(arguments: [10, 500, 20_000]) func `answers, proofs and pushes that are filled by size fit`(recordBytes: Int) throws {
    let record = [UInt8](repeating: 1, count: recordBytes)
    let answers = [AnsweredEnvelope](
      repeating: AnsweredEnvelope(number: .max, ledgerIndex: .max, commitSeq: .max, leafRecord: record), count: 128)
    let answered = FrameCodec.fitting(answers, limit: WireLimits.answersAFrame) { FrameCodec.size(of: $0) }
    let proved = [ProvedEntry](
      repeating: ProvedEntry(
        index: .max, leafRecord: record, envelope: Story.decision, inclusion: [Digest](repeating: .zero, count: 63),
        parts: [Story.reason.bytes, record]), count: 256)
    let proofCount = FrameCodec.fitting(proved, limit: WireLimits.provedEntriesAFrame) { FrameCodec.size(of: $0) }
    let pushed = [PushedEnvelope](repeating: PushedEnvelope(envelope: Story.decision, parts: [record, record]), count: 128)
    let pushCount = FrameCodec.fitting(pushed, limit: WireLimits.envelopesAFrame) { FrameCodec.size(of: $0) }
    for encoding in WireEncoding.allCases {
      let frames: [ServerFrame] = [
        .outcomes(Outcomes(lane: 1, answers: Array(answers.prefix(answered)), signature: Story.proof)),
        .proofs(Proofs(request: 1, size: .max, entries: Array(proved.prefix(proofCount)), refused: [], isLast: true)),
      ]
      for frame in frames { #expect(try FrameCodec.encode(frame, as: encoding).count <= encoding.frameByteLimit) }
      let push = ClientFrame.push(Push(envelopes: Array(pushed.prefix(pushCount))))
      #expect(try FrameCodec.encode(push, as: encoding).count <= encoding.frameByteLimit)
    }
  }

  @Test func `nothing fits nothing`() {
    #expect(FrameCodec.fitting([ChangeEntry](), limit: 10) { FrameCodec.size(of: $0) } == 0)
  }

  @Test func `a session's full list of scopes fits in every frame that holds it`() throws {
    let scope = Scope.campaignInternal(Story.campaign)
    let heads = [ScopeHead](repeating: ScopeHead(scope: scope, head: .max), count: WireLimits.scopesASession)
    let digests = heads.map { ScopeDigestHead(scope: $0.scope, head: $0.head, digest: Story.digest(1)) }
    let proof = [Digest](repeating: .zero, count: 64)
    var welcome = Welcome()
    welcome.scopes = heads
    welcome.consistency = proof
    welcome.checkpointNote = String(repeating: "n", count: 1_000)
    let frames: [ServerFrame] = [
      .welcome(welcome), .heartbeat(Heartbeat(heads: heads)),
      .checkpoint(CheckpointFrame(note: welcome.checkpointNote, consistency: proof, digests: digests, durableThrough: 1)),
    ]
    for frame in frames {
      for encoding in WireEncoding.allCases {
        #expect(try FrameCodec.decodeServerFrame(FrameCodec.encode(frame, as: encoding), as: encoding) == frame)
      }
    }
  }
}
