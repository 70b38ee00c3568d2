// Carries a session's orders out: frames to the pipe, rows to the stores, timers to the clock. It decides nothing.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Transport
import Trust

/// What a running session tells its owner.
enum SessionNews: Sendable {
  case opened
  case progress(SessionProgress)
  case answered([MutationID])
  case changed(Set<SubjectID>)
  /// Entries of the whole ledger, in order.
  case ledger([ProvedEntry])
}

/// One session over one pipe.
struct SessionShell: Sendable {
  /// How many received frames may wait for the machine.
  private static let framesAhead = 4

  let profile: Profile
  let pipe: any FramePipe
  let isOnce: Bool
  let wantsLedger: Bool
  let news: @Sendable (SessionNews) -> Void

  /// What reaches the machine from outside.
  private enum Input: Sendable {
    case frame(ServerFrame)
    case timer(SessionTimer, generation: Int)
    case poked
    case closed(String)
    /// The view may be refreshed now.
    case refreshDue
  }

  /// Runs until the session ends; the pipe is closed or abandoned then.
  func run() async throws(ClientError) -> SessionEnd {
    let executor: SessionExecutor
    do {
      executor = try SessionExecutor(profile: profile, isOnce: isOnce, wantsLedger: wantsLedger, news: news)
    } catch {
      pipe.abandon()
      throw error
    }
    let (inputs, continuation) = AsyncStream<Input>.makeStream()
    let (credits, credit) = AsyncStream<Void>.makeStream()
    for _ in 0..<Self.framesAhead { credit.yield() }
    let pokes = try? profile.environment.files.pokes(profile.paths.poke)  // without it others' changes wait for a timer
    // Discarding: a session may last for weeks, and each of its timers is a task.
    let result = await withDiscardingTaskGroup { group -> Result<SessionEnd, ClientError> in
      group.addTask { await read(credits: credits, into: continuation) }
      if let pokes {
        group.addTask { for await _ in pokes { continuation.yield(.poked) } }
      }
      defer { group.cancelAll() }
      var session = ClientSession(executor.start)
      do {
        let first = ClientSessionEvent.connected(
          nonce: executor.nonce(), certificate: pipe.tlsCertificateDigest.flatMap { Digest($0) })
        if let end = try await handle([first], &session, executor, &group, continuation) { return .success(end) }
        for await input in inputs {
          if case .timer(let timer, let generation) = input, !executor.timers.isCurrent(timer, generation) { continue }
          if let end = try endOfLostCache(input) { return .success(end) }
          let events = try Self.events(input, executor)
          guard !events.isEmpty else {
            executor.promiseKept()
            try rest(executor, isLast: false, &group, continuation)
            continue
          }
          if let end = try await handle(events, &session, executor, &group, continuation) { return .success(end) }
          if case .frame = input { credit.yield() }
        }
        throw ClientError(.cancelled, "It was cancelled.")
      } catch {
        return .failure(ClientError(storage: error))
      }
    }
    credit.finish()
    continuation.finish()
    await leave(after: result)
    return try result.get()
  }

  /// A session that is done closes in order. Whoever gives up has nothing to wait for: with a peer that is gone the closing
  /// takes half a minute, in which nobody else could have the profile's lock.
  private func leave(after result: Result<SessionEnd, ClientError>) async {
    guard case .success(.finished) = result else { return pipe.abandon() }
    await withTaskCancellationHandler {
      await pipe.close(code: 1000, reason: "")
    } onCancel: {
      pipe.abandon()
    }
  }

  /// Now and then, and when another process has been at work: the end of a session whose cache has been thrown away or
  /// replaced by somebody. The next one fetches everything into the cache that is there.
  private func endOfLostCache(_ input: Input) throws -> SessionEnd? {
    switch input {
    case .poked, .timer(.heartbeat, _): break
    default: return nil
    }
    guard try profile.isCacheReplaced() else { return nil }
    profile.forgetCache()
    return .retry(afterMilliseconds: 0, reason: "The cache was thrown away or replaced; it is fetched anew.")
  }

  /// What the machine is told; nothing of what is none of its business.
  private static func events(_ input: Input, _ executor: SessionExecutor) throws -> [ClientSessionEvent] {
    switch input {
    case .frame(let frame): return [.frameReceived(frame)]
    case .timer(let timer, _): return [.timerFired(timer)]
    case .poked: return try executor.isAskedAnew() ? [.outboxChanged, .comparisonAsked] : [.outboxChanged]
    case .closed(let reason): return [.pipeClosed(reason: reason)]
    case .refreshDue: return []
    }
  }

  /// Events with everything that follows from them. Answers the end, if it came.
  private func handle(
    _ first: [ClientSessionEvent], _ session: inout ClientSession, _ executor: SessionExecutor,
    _ group: inout DiscardingTaskGroup, _ inputs: AsyncStream<Input>.Continuation
  ) async throws -> SessionEnd? {
    var events = first
    var ended: SessionEnd?
    while !events.isEmpty, ended == nil {
      let now = profile.environment.nowMilliseconds()
      for order in session.handle(events.removeFirst(), now: now) {
        switch order {
        case .sendFrame(let frame): if let failure = await send(frame) { events.append(.pipeClosed(reason: failure)) }
        case .setTimer(let timer, let milliseconds):
          let generation = executor.timers.set(timer)
          let sleep = profile.environment.sleep
          group.addTask {
            do { try await sleep(milliseconds) } catch { return }
            inputs.yield(.timer(timer, generation: generation))
          }
        case .cancelTimer(let timer): executor.timers.cancel(timer)
        case .end(let end): ended = end
        default: events += try executor.execute(order)
        }
      }
    }
    try rest(executor, isLast: ended != nil, &group, inputs)
    news(.progress(session.progress))
    if let ended { await sayGoodbye(ended) }
    executor.note(ended)
    return ended
  }

  private func rest(
    _ executor: SessionExecutor, isLast: Bool, _ group: inout DiscardingTaskGroup, _ inputs: AsyncStream<Input>.Continuation
  ) throws {
    guard let wait = try executor.rest(isLast: isLast) else { return }
    let sleep = profile.environment.sleep
    group.addTask {
      do { try await sleep(wait) } catch { return }
      inputs.yield(.refreshDue)
    }
  }

  private func send(_ frame: ClientFrame) async -> String? {
    do {
      try await pipe.send(try FrameCodec.encode(frame, as: encoding))
      return nil
    } catch {
      return "The connection was lost: \(error)"
    }
  }

  private func sayGoodbye(_ end: SessionEnd) async {
    guard case .finished = end else { return }
    _ = await send(.goodbye(Goodbye(code: .ordinary)))
  }

  private var encoding: WireEncoding { pipe.encoding == .binary ? .binary : .json }

  /// Reads frames, each when the machine has room for it.
  private func read(credits: AsyncStream<Void>, into inputs: AsyncStream<Input>.Continuation) async {
    var room = credits.makeAsyncIterator()
    do {
      for try await bytes in pipe.incoming {
        inputs.yield(.frame(try FrameCodec.decodeServerFrame(bytes, as: encoding)))
        guard await room.next() != nil else { return }
      }
      inputs.yield(.closed("The server closed the connection."))
    } catch {
      inputs.yield(.closed("The connection was lost: \(error)"))
    }
  }
}
