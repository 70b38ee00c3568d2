// One libwebsockets context on one libuv loop on one thread. Other threads reach it only by commands.
// It knows neither servers nor clients: those are its handler.
import CWebSockets
import Foundation
import Synchronization

/// What a server or client does on the loop's thread.
protocol LoopHandler: AnyObject, Sendable {
  /// Called once, before the loop turns, to add virtual hosts. Throws to abandon the start.
  func prepare(_ loop: WebSocketLoop, context: OpaquePointer) throws
  /// One libwebsockets callback about a connection; the result is what the library expects back.
  func handle(_ event: LoopEvent) -> Int32
  /// Called on the loop's thread before the library lets go of its connections, after `prepare` in any case.
  func loopEnding()
  /// Called last on the loop's thread, when the library has let go of every connection.
  func loopEnded()
}

extension LoopHandler {
  func loopEnding() {}
}

/// One libwebsockets callback, valid only while it is being handled.
struct LoopEvent {
  let connection: OpaquePointer
  let reason: lws_callback_reasons
  /// Points at `length` bytes for reasons that carry any; only to be read during the callback.
  let input: UnsafeMutableRawPointer?
  let length: Int

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: input, count: input == nil ? 0 : length) }

  /// The number under which the handler knows the connection; 0 if it was never given one.
  var id: UInt { UInt(bitPattern: lws_get_opaque_user_data(connection)) }
}

/// The thread, its loop and its context.
///
/// `@unchecked Sendable`: `shared` is a mutex; everything else that changes is touched by the loop's thread only.
final class WebSocketLoop: @unchecked Sendable {
  private struct Shared {
    var commands: [@Sendable () -> Void] = []
    /// The context as bits, so that waking it up and destroying it cannot race; 0 when there is none.
    var contextBits: UInt = 0
    var hasEnded = false
    var endWaiters: [CheckedContinuation<Void, Never>] = []
  }

  private let shared = Mutex(Shared())
  private let handler: any LoopHandler
  private let name: String
  private let fileLimit: UInt32
  private let headerBytes: UInt16
  private var mustStop = false
  private(set) var protocols = ProtocolTable()
  /// The loop itself, for handles of our own; there while the thread runs.
  private(set) var uvLoop: UnsafeMutablePointer<uv_loop_t>?
  private var scratch: UnsafeMutableRawPointer?
  private var scratchBytes = 0

  /// - Parameters:
  ///   - files: how many sockets it needs room for at the most.
  ///   - headerBytes: how long the headers of a request or an answer may be; 0 is as the library has it, which is 4 KiB.
  init(name: String, handler: any LoopHandler, files: Int, headerBytes: UInt16 = 0) {
    self.name = name
    self.handler = handler
    self.headerBytes = headerBytes
    fileLimit = WebSocketLoop.fileLimit(files, ofProcess: Int(getdtablesize()))
  }

  /// How long the library's tables are. By itself it makes them for as many files as the process may have open, and where
  /// that is a billion it cannot.
  static func fileLimit(_ files: Int, ofProcess limit: Int) -> UInt32 { UInt32(clamping: min(files, limit)) }

  /// Starts the thread; returns when the handler has prepared its virtual hosts.
  func start() async throws {
    try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
      let thread = Thread { self.run(started) }
      thread.name = name
      thread.stackSize = 1024 * 1024
      thread.start()
    }
  }

  /// Runs a command on the loop's thread. False when the loop has ended (or has not started): it will not run.
  @discardableResult
  func submit(_ command: @escaping @Sendable () -> Void) -> Bool {
    shared.withLock { shared in
      guard let context = OpaquePointer(bitPattern: shared.contextBits) else { return false }
      shared.commands.append(command)
      // The one call other threads may make. The context is alive: its end takes this lock first.
      if shared.commands.count == 1 { lws_cancel_service(context) }
      return true
    }
  }

  /// Ends the loop, closing what is left, and returns when its thread has let go of everything.
  func stop() async {
    submit { self.mustStop = true }
    await withCheckedContinuation { continuation in
      let isOver = shared.withLock { shared in
        if !shared.hasEnded { shared.endWaiters.append(continuation) }
        return shared.hasEnded
      }
      if isOver { continuation.resume() }
    }
  }

  /// Runs the waiting commands; on the loop's thread only.
  func runCommands() {
    let commands = shared.withLock { shared in
      defer { shared.commands = [] }
      return shared.commands
    }
    for command in commands { command() }
  }

  func dispatch(_ event: LoopEvent) -> Int32 { handler.handle(event) }

  /// Writes one message; on the loop's thread only. Returns false when the connection is broken.
  func write(_ bytes: some Collection<UInt8>, to connection: OpaquePointer, as kind: lws_write_protocol) -> Bool {
    let prefix = countersign_lws_pre
    let buffer = scratch(atLeast: prefix + bytes.count)
    // The buffer is owned by this thread and has room for the library's prefix and all bytes.
    let payload = UnsafeMutableRawBufferPointer(start: buffer + prefix, count: bytes.count)
    payload.copyBytes(from: bytes)
    let start = (buffer + prefix).assumingMemoryBound(to: UInt8.self)
    return lws_write(connection, start, bytes.count, kind) >= Int32(clamping: bytes.count)
  }

  /// A buffer of this thread, valid until the next call.
  func scratch(atLeast bytes: Int) -> UnsafeMutableRawPointer {
    if let scratch, scratchBytes >= bytes { return scratch }
    scratch?.deallocate()
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
    scratch = fresh
    scratchBytes = bytes
    return fresh
  }
}

extension WebSocketLoop {
  private func run(_ started: CheckedContinuation<Void, any Error>) {
    // The loop and the array that hands it over live until the loop is closed, below in this function.
    let uvLoop = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
    let foreignLoops = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1)
    foreignLoops.initialize(to: UnsafeMutableRawPointer(uvLoop))
    defer {
      scratch?.deallocate()
      scratch = nil
      foreignLoops.deallocate()
      self.uvLoop = nil
      uvLoop.deallocate()
      handler.loopEnded()
      end()
    }
    guard uv_loop_init(uvLoop) == 0 else {
      return started.resume(throwing: Self.failure("event loop"))
    }
    guard let context = makeContext(foreignLoops) else {
      uv_loop_close(uvLoop)
      return started.resume(throwing: Self.failure("network context"))
    }
    self.uvLoop = uvLoop
    do {
      try handler.prepare(self, context: context)
      shared.withLock { $0.contextBits = UInt(bitPattern: context) }
      started.resume()
      while !mustStop { uv_run(uvLoop, UV_RUN_ONCE) }
      shared.withLock { $0.contextBits = 0 }
      runCommands()
    } catch {
      started.resume(throwing: error)
    }
    handler.loopEnding()
    // The order in which the library lets go of everything: destroy, let the loop finish its handles, destroy, close.
    lws_context_destroy(context)
    while uv_loop_alive(uvLoop) != 0 { uv_run(uvLoop, UV_RUN_NOWAIT) }
    lws_context_destroy(context)
    uv_loop_close(uvLoop)
  }

  private func makeContext(_ foreignLoops: UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> OpaquePointer? {
    lws_set_log_level(0, nil)
    var information = lws_context_creation_info()
    information.port = Int32(countersign_lws_no_listen)
    information.foreign_loops = foreignLoops
    information.options =
      UInt64(LWS_SERVER_OPTION_LIBUV) | UInt64(LWS_SERVER_OPTION_UV_NO_SIGSEGV_SIGFPE_SPIN)
      | UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
    // The context is destroyed before this object is let go of: the thread's closure holds it.
    information.user = Unmanaged.passUnretained(self).toOpaque()
    information.fd_limit_per_thread = fileLimit
    // A virtual host has this field, too, and the library does not look at it there.
    information.max_http_header_data = headerBytes
    information.gid = -1
    information.uid = -1
    return lws_create_context(&information)
  }

  private static func failure(_ what: String) -> WebSocketError {
    WebSocketError(.notRunning, "No \(what) could be made; check the limits of open files and memory.")
  }

  private func end() {
    let waiters = shared.withLock { shared in
      shared.hasEnded = true
      defer { shared.endWaiters = [] }
      return shared.endWaiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
