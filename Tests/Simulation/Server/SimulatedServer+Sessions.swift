// Sessions on the simulated server: reading frames, carrying orders out, and giving back what reading the store has answered.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import SyncServer
import Trust

extension SimulatedServer {
  // MARK: The mailbox

  func post(_ item: ServerConversation.Item, to conversation: ServerConversation) {
    guard !conversation.isOver else { return }
    conversation.mailbox.append(item)
    wake(conversation)
  }

  private func wake(_ conversation: ServerConversation) {
    guard !conversation.isAwake, !conversation.mailbox.isEmpty else { return }
    conversation.isAwake = true
    after(random.between(0, 2)) { try self.handleNext(conversation) }
  }

  func readNext(_ conversation: ServerConversation) {
    guard !conversation.isHandlingFrame, !conversation.unread.isEmpty, !conversation.isChoked else { return }
    conversation.isHandlingFrame = true
    let bytes = conversation.unread.removeFirst()
    let event: ServerSessionEvent
    do {
      event = .frameReceived(try FrameCodec.decodeClientFrame(bytes, as: .binary))
    } catch {
      event = .frameRefused(.malformedFrame, detail: error.sentence)
    }
    post(.frame(event), to: conversation)
  }

  private func handleNext(_ conversation: ServerConversation) throws {
    conversation.isAwake = false
    guard !conversation.isOver, !conversation.mailbox.isEmpty else { return }
    switch conversation.mailbox.removeFirst() {
    case .event(let event): try step(event, conversation)
    case .frame(let event):
      if case .frameReceived(.subscribe) = event { costAudit.subscribed(over: conversation.link.number) }
      if case .frameReceived(let frame) = event { shownNotes.came(frame, over: conversation.link.number) }
      try step(event, conversation)
      conversation.isHandlingFrame = false
      if isRunning { readNext(conversation) }
    case .ended: end(conversation)
    }
    wake(conversation)
  }

  private func step(_ event: ServerSessionEvent, _ conversation: ServerConversation) throws {
    let life = life
    for order in conversation.machine.handle(event, nowMilliseconds: context.now) {
      if isPowerFailing() { try crash(restartAfter: random.between(200, 20_000)) }
      guard self.life == life else { return }
      try carryOut(order, conversation)
    }
  }

  func end(_ conversation: ServerConversation) {
    conversation.isOver = true
    conversations[conversation.number] = nil
  }

  // MARK: Orders

  private func carryOut(_ order: ServerSessionOrder, _ conversation: ServerConversation) throws {
    switch order {
    case .send(let frame): try send(frame, to: conversation)
    case .sendShared(let shared):
      do {
        if let bytes = try shared.encoded(as: .binary) {
          if let changes = shared.changes {
            try audit(.changes(changes), byteCount: bytes.count, on: conversation.link)
          }
          try append(bytes, to: conversation)
        }
      } catch let error as WireError {
        throw Violation(.storeFailed, "changes that do not fit: \(error.sentence)")
      }
    case .identify(let tenant, let device):
      read(conversation) { () throws(StorageError) -> ServerSessionEvent? in
        .identified(tenant == self.context.tenant ? try self.reader.identity(of: device) : nil)
      }
    case .open(let identity, let seen): open(identity, seen, conversation)
    case .follow(let scopes): conversation.followed = scopes
    case .verify(let ticket, let envelopes): verify(ticket, envelopes, conversation)
    case .commit(let ticket, let envelopes):
      submit(envelopes) { result in
        switch result {
        case .success(let results): self.post(.event(.committed(ticket: ticket, results)), to: conversation)
        case .failure(let error): self.post(.event(error.isOldCopy ? .oldCopyRefused : .storeFailed), to: conversation)
        }
      }
    case .stopWriting(let shown): stopWriting(until: shown)
    case .close:
      conversation.link.close(.down)
      end(conversation)
    default: readStore(order, conversation)
    }
  }

  /// Into the directory, which outlives the process, and to the writer.
  private func stopWriting(until checkpoint: SeenCheckpoint) {
    context.note("server", "is shown its signature on \(checkpoint.size) entries")
    if context.has(.ignoreShownNote) { return }
    if let shown, shown.size >= checkpoint.size { return }
    shown = checkpoint
    core.stop(until: checkpoint)
  }

  private func send(_ frame: ServerFrame, to conversation: ServerConversation) throws {
    let frame = planted(sent: frame)
    context.note("server", "#\(conversation.link.number) < \(FrameNames.name(frame))")
    do {
      let bytes = try FrameCodec.encode(frame, as: .binary)
      try audit(frame, byteCount: bytes.count, on: conversation.link)
      try append(bytes, to: conversation)
    } catch let error as WireError {
      throw Violation(.storeFailed, "a frame that does not fit: \(error.sentence)")
    }
  }

  private func append(_ bytes: [UInt8], to conversation: ServerConversation) throws {
    conversation.link.send(bytes + unknownField, .down)
    guard !conversation.isChoked, conversation.link.bytesOnTheirWay(.down) > context.plan.chokedBytes else { return }
    conversation.isChoked = true
    try step(.becameChoked, conversation)
  }

  /// The client has read: what was held back goes on.
  func relieve(_ conversation: ServerConversation) {
    guard conversation.isChoked, conversation.link.bytesOnTheirWay(.down) < context.plan.chokedBytes / 4 else { return }
    conversation.isChoked = false
    post(.event(.becameWritable), to: conversation)
    readNext(conversation)
  }

  private func open(_ identity: SessionIdentity, _ seen: SeenCheckpoint, _ conversation: ServerConversation) {
    let device = identity.device.id
    for key in conversations.keys.sorted() {
      guard let other = conversations[key], other !== conversation, other.device == device else { continue }
      other.device = nil
      other.followed = []
      post(.event(.replaced), to: other)
    }
    conversation.device = device
    read(conversation) { () throws(StorageError) -> ServerSessionEvent? in
      let opening = try self.reader.opening(device: device, seen: seen, nowMilliseconds: self.wallMilliseconds)
      return opening.map { .opened($0) }
    }
  }

  private func verify(_ ticket: UInt64, _ envelopes: [PushedEnvelope], _ conversation: ServerConversation) {
    guard let identity = conversation.machine.identity else { return }
    after(random.between(0, context.plan.storeMilliseconds)) {
      let result: Result<[VerifiedEnvelope], EnvelopeFault>
      do throws(EnvelopeFault) {
        var verified: [VerifiedEnvelope] = []
        for pushed in envelopes {
          verified.append(
            try VerifiedEnvelope.check(
              pushed, tenant: self.context.tenant, device: identity.device.id, key: identity.device.publicKey))
        }
        result = .success(verified)
      } catch {
        result = .failure(error)
      }
      self.post(.event(.verified(ticket: ticket, result)), to: conversation)
    }
  }

  // MARK: Reading

  private func readStore(_ order: ServerSessionOrder, _ conversation: ServerConversation) {
    guard let device = conversation.machine.device else { return }
    read(conversation) { () throws(StorageError) -> ServerSessionEvent? in
      switch order {
      case .readHead: return .headRead(seq: try self.reader.headSeq())
      case .readPage(let request): return .pageRead(request, try self.reader.page(request))
      case .readCheckpoint(let scopes, let since):
        return .checkpointRead(try self.reader.checkpoint(scopes: scopes, since: since))
      case .readHeads(let scopes): return .headsRead(try self.reader.heads(scopes))
      case .readWaiting: return .waitingRead(try self.reader.waiting(device: device))
      case .readEntities(let keys, let granted):
        let (entries, keysRead) = try self.reader.entities(keys, granted: granted)
        return .entitiesRead(entries, keysRead: keysRead)
      case .readProofs(let request, let position):
        return .proofsRead(try self.reader.proofs(request, position: position, device: device))
      case .compareLeaves(let scope, let leaves):
        let (head, differing) = try self.reader.compare(scope, leaves: leaves)
        return .leavesCompared(head: head, leaves: differing)
      case .readLeaf(let scope, let leaf): return .leafRead(try self.reader.leafRows(scope, leaf: leaf))
      default: return nil
      }
    }
  }

  /// Reads at one moment and answers at a later one: commits and other answers may come in between.
  private func read(
    _ conversation: ServerConversation, _ body: @escaping () throws(StorageError) -> ServerSessionEvent?
  ) {
    let limit = context.plan.storeMilliseconds
    after(random.between(0, limit)) {
      let event: ServerSessionEvent?
      do throws(StorageError) { event = try body() } catch { event = .storeFailed }
      guard let event else { return }
      self.after(self.random.between(0, limit)) { self.post(.event(event), to: conversation) }
    }
  }
}
