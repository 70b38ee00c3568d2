// One session on the server as a machine: events in, orders out. It reads no clock and no store; whoever drives it does.
// It knows who the client is, how far it has been sent what it may read, and what it is still owed.
import ReviewModel
import ReviewRules
import Storage
import SyncProtocol
import Trust

/// What a session is given at its beginning.
package struct ServerSessionConfiguration: Sendable {
  package var serverName: String
  package var signingKey: SigningKey
  /// 32 random bytes.
  package var nonce: Digest
  /// Of this server's certificate; nil over plain text.
  package var tlsCertificateDigest: Digest?
  /// The versions of the protocol that it speaks.
  package var versions: ClosedRange<UInt32>
  /// Of the rules that decide here.
  package var rulesVersion: UInt32

  package init(
    serverName: String, signingKey: SigningKey, nonce: Digest, tlsCertificateDigest: Digest?,
    versions: ClosedRange<UInt32> = ProtocolVersion.minimum...ProtocolVersion.current,
    rulesVersion: UInt32 = Rules.version
  ) {
    self.serverName = serverName
    self.signingKey = signingKey
    self.nonce = nonce
    self.tlsCertificateDigest = tlsCertificateDigest
    self.versions = versions
    self.rulesVersion = rulesVersion
  }
}

package struct ServerSession: Sendable {
  /// What may come next.
  enum Phase {
    case awaitingHello
    case identifying(Hello, version: UInt32)
    case awaitingProof(Hello, SessionTranscript, SessionIdentity?)
    case opening(SessionIdentity, ShownNote)
    case open
    case closed
  }

  let configuration: ServerSessionConfiguration
  var phase = Phase.awaitingHello
  var orders: [ServerSessionOrder] = []
  var now: UInt64 = 0
  private let startedMilliseconds: UInt64
  var lastReceivedMilliseconds: UInt64
  var lastHeartbeatMilliseconds: UInt64
  var isChoked = false

  // Known once the session is open.
  package internal(set) var identity: SessionIdentity?
  var granted: Set<Scope> = []
  /// News of the member's rights that came while the session was being opened.
  var accessWhileOpening: SessionAccess?
  /// The ledger size of the last checkpoint that the client was sent.
  var toldSize: UInt64 = 0
  var catchUp = CatchUp()
  var pushes = PushQueue()
  var requests = RequestQueue()

  package init(configuration: ServerSessionConfiguration, nowMilliseconds: UInt64) {
    self.configuration = configuration
    startedMilliseconds = nowMilliseconds
    lastReceivedMilliseconds = nowMilliseconds
    lastHeartbeatMilliseconds = nowMilliseconds
  }

  package var isClosed: Bool { if case .closed = phase { true } else { false } }

  /// The device, once it has proved itself.
  package var device: Digest? { identity?.device.id }

  /// One step. `nowMilliseconds` never goes back.
  package mutating func handle(_ event: ServerSessionEvent, nowMilliseconds: UInt64) -> [ServerSessionOrder] {
    guard !isClosed else { return [] }
    now = nowMilliseconds
    orders = []
    switch event {
    case .frameReceived(let frame):
      lastReceivedMilliseconds = now
      receive(frame)
    case .frameRefused(let code, let detail): end(code, detail: detail)
    case .replaced: end(.replaced, detail: "A newer session of this device has begun.")
    case .becameChoked: isChoked = true
    case .becameWritable:
      isChoked = false
      // While it was choked, its frames were not read either: that nothing was heard is no fault of the client.
      lastReceivedMilliseconds = now
    case .ticked: tick()
    case .storeFailed:
      end(
        .serverTrouble, retryAfterMilliseconds: ServerSessionLimits.retryAfterTroubleMilliseconds,
        detail: "The server cannot read or write its data; nothing is lost, try again later.")
    case .oldCopyRefused:
      end(
        .serverTrouble, retryAfterMilliseconds: ServerSessionLimits.retryAfterTroubleMilliseconds,
        detail: ServerSessionLimits.oldCopySentence)
    case .shuttingDown(let retryAfter):
      end(.shuttingDown, retryAfterMilliseconds: retryAfter, detail: "The server stops; come back later.")
    default: advance(event)
    }
    if case .open = phase { pump() }
    return orders
  }

  private mutating func receive(_ frame: ClientFrame) {
    switch (phase, frame) {
    case (_, .goodbye): close(.ordinary)
    case (.awaitingHello, .hello(let hello)): begin(hello)
    case (.awaitingProof(_, let transcript, let identity), .prove(let proof)): check(proof, transcript, identity)
    case (.open, .subscribe(let subscribe)): self.subscribe(subscribe)
    case (.open, .push(let push)): self.push(push)
    case (.open, .fetch(let fetch)): request(.fetch(fetch))
    case (.open, .proofs(let proofs)): request(.proofs(proofs))
    case (.open, .repair(let repair)): request(.repair(repair))
    case (.open, .heartbeat): break
    default: end(.unexpectedFrame, detail: "This frame is not expected now; see SyncProtocol/README.md for the order.")
    }
  }

  private mutating func advance(_ event: ServerSessionEvent) {
    switch event {
    case .identified(let identity): challenge(identity)
    case .opened(let opening): welcome(opening)
    case .headRead(let seq): reach(seq)
    case .pageRead(let request, let page): send(page, for: request)
    case .checkpointRead(let reading): send(reading)
    case .headsRead(let heads): orders.append(.send(.heartbeat(Heartbeat(heads: heads.filter { granted.contains($0.scope) }))))
    case .verified(let ticket, let result): verified(ticket, result)
    case .committed(let ticket, let results): committed(ticket, results)
    case .changed(let changes): follow(changes)
    case .accessChanged(let access): apply(access)
    default: answerRequest(event)
    }
  }

  /// Whatever can be done now: one page or one request's step at a time, while the client reads.
  private mutating func pump() {
    guard !isChoked else { return }
    pumpCatchUp()
    pumpRequests()
  }

  // MARK: Time

  private mutating func tick() {
    guard case .open = phase else {
      if now >= startedMilliseconds + ServerSessionLimits.handshakeMilliseconds {
        end(.idle, detail: "The handshake took too long.")
      }
      return
    }
    // A client that is sent more than it reads has signs of life enough, and what it says waits unread.
    guard !isChoked else { return }
    if now >= lastReceivedMilliseconds + ServerSessionLimits.idleMilliseconds {
      return end(.idle, detail: "Nothing was heard from the client for too long.")
    }
    if now >= lastHeartbeatMilliseconds + ServerSessionLimits.heartbeatMilliseconds {
      lastHeartbeatMilliseconds = now
      orders.append(.readHeads(Self.named(granted)))
      catchUp.wantCheckpoint()
    }
  }

  // MARK: The end

  mutating func end(_ code: GoodbyeCode, retryAfterMilliseconds: UInt64 = 0, detail: String) {
    orders.append(
      .send(.goodbye(Goodbye(code: code, retryAfterMilliseconds: retryAfterMilliseconds, detail: detail))))
    close(code)
  }

  private mutating func close(_ code: GoodbyeCode) {
    orders.append(.close(code: code == .ordinary ? 1000 : code.webSocketCloseCode))
    phase = .closed
  }
}
