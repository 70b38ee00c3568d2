// Sockets that the server has finished with while their peers may still be sending. The system resets a connection that is
// closed with unread bytes, and a reset destroys what the peer has not read yet, the goodbye too. So a socket lingers:
// nothing more is written, what comes is thrown away, and it is closed when the peer closes or a bound is reached.
import CWebSockets
import Glibc

/// The lingering sockets of one server, on its loop.
///
/// Used on the loop's thread only.
final class LingeringSockets {
  /// One of them. The poll handle is freed by the callback of its end, which also lets go of this object.
  final class Member {
    let id: UInt64
    let descriptor: Int32
    let deadlineMilliseconds: UInt64
    let poll: UnsafeMutablePointer<uv_poll_t>
    unowned let owner: LingeringSockets
    var thrownAwayBytes = 0

    init(id: UInt64, descriptor: Int32, deadlineMilliseconds: UInt64, owner: LingeringSockets) {
      self.id = id
      self.descriptor = descriptor
      self.deadlineMilliseconds = deadlineMilliseconds
      self.owner = owner
      poll = .allocate(capacity: 1)
    }

    deinit { poll.deallocate() }
  }

  /// What is left to do while the server stops.
  private struct Drain {
    /// Nobody lingers longer.
    let deadlineMilliseconds: UInt64
    let whenEmpty: () -> Void
    let whenOver: () -> Void
  }

  private static let pieceBytes = 64 * 1024

  private let uvLoop: UnsafeMutablePointer<uv_loop_t>
  private let limits: LingerLimits
  private let timer: UnsafeMutablePointer<uv_timer_t>
  private let scratch = UnsafeMutableRawPointer.allocate(byteCount: pieceBytes, alignment: 16)
  private var members: [UInt64: Member] = [:]
  private var nextId: UInt64 = 0
  /// No member is older; all linger equally long, so the oldest is the next to go.
  private var oldestId: UInt64 = 0
  /// There once the server stops.
  private var draining: Drain?

  init(on uvLoop: UnsafeMutablePointer<uv_loop_t>, limits: LingerLimits) {
    self.uvLoop = uvLoop
    self.limits = limits
    timer = .allocate(capacity: 1)
    uv_timer_init(uvLoop, timer)
    // `close` ends the timer before this object can go.
    timer.pointee.data = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit { scratch.deallocate() }

  var isEmpty: Bool { members.isEmpty }

  /// The server stops: nobody lingers longer than the grace period, and whoever waits for the end is told.
  ///
  /// - Parameters:
  ///   - whenEmpty: called each time when nobody lingers any more.
  ///   - whenOver: called when the grace period is over.
  func drain(graceMilliseconds: UInt64, whenEmpty: @escaping () -> Void, whenOver: @escaping () -> Void) {
    uv_update_time(uvLoop)
    draining = Drain(deadlineMilliseconds: uv_now(uvLoop) + graceMilliseconds, whenEmpty: whenEmpty, whenOver: whenOver)
    startTimer()
  }

  /// Takes a socket over, which is closed in the end.
  func take(_ descriptor: Int32) {
    shutdown(descriptor, Int32(SHUT_WR))
    guard Self.mayStillSend(descriptor) else {
      Glibc.close(descriptor)
      return
    }
    uv_update_time(uvLoop)
    let member = Member(
      id: nextId, descriptor: descriptor, deadlineMilliseconds: uv_now(uvLoop) + limits.milliseconds, owner: self)
    guard uv_poll_init(uvLoop, member.poll, descriptor) == 0 else {
      Glibc.close(descriptor)
      return
    }
    nextId += 1
    members[member.id] = member
    member.poll.pointee.data = Unmanaged.passRetained(member).toOpaque()
    uv_poll_start(member.poll, Int32(UV_READABLE.rawValue), lingeringSocketIsReadable)
    if members.count > limits.sockets { endOldest() }
    if members.count == 1 { startTimer() }
  }

  /// Something came, or the peer is gone.
  func readable(_ member: Member, isBroken: Bool) {
    let count = isBroken ? 0 : recv(member.descriptor, scratch, Self.pieceBytes, Int32(MSG_DONTWAIT))
    if count < 0, [EAGAIN, EINTR].contains(errno) { return }
    guard count > 0 else { return end(member) }
    member.thrownAwayBytes += count
    // A peer that floods is left to wait: it can read what it was told until the time is up.
    if member.thrownAwayBytes >= limits.bytes { uv_poll_stop(member.poll) }
  }

  /// The oldest's time may be up, or everybody's.
  func timePassed() {
    let now = uv_now(uvLoop)
    if let draining, draining.deadlineMilliseconds <= now {
      for member in members.values { end(member) }
      return draining.whenOver()
    }
    while let member = oldest(), member.deadlineMilliseconds <= now { end(member) }
    startTimer()
  }

  /// Ends all of them and the timer. The loop must turn once more before it is closed.
  func close() {
    draining = nil
    for member in members.values { end(member) }
    uv_close(Self.handle(timer)) { handle in
      handle?.withMemoryRebound(to: uv_timer_t.self, capacity: 1) { $0.deallocate() }
    }
  }

  private func startTimer() {
    let deadlines = [oldest()?.deadlineMilliseconds, draining?.deadlineMilliseconds].compactMap { $0 }
    guard let deadline = deadlines.min() else { return }
    let now = uv_now(uvLoop)
    uv_timer_start(timer, lingeringTimePassed, deadline > now ? deadline - now : 0, 0)
  }

  private func oldest() -> Member? {
    while oldestId < nextId {
      if let member = members[oldestId] { return member }
      oldestId += 1
    }
    return nil
  }

  private func endOldest() {
    if let member = oldest() { end(member) }
  }

  private func end(_ member: Member) {
    guard members.removeValue(forKey: member.id) != nil else { return }
    uv_close(Self.handle(member.poll), lingeringSocketEnded)
    // The library allows this as soon as the handle is closing.
    Glibc.close(member.descriptor)
    if members.isEmpty { draining?.whenEmpty() }
  }

  private static func handle<Kind>(_ pointer: UnsafeMutablePointer<Kind>) -> UnsafeMutablePointer<uv_handle_t> {
    // Every kind of handle begins with the fields of the general one.
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: uv_handle_t.self)
  }

  /// False when the peer has closed its side too and left nothing unread, or the connection is broken.
  private static func mayStillSend(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count > 0 || (count < 0 && [EAGAIN, EINTR].contains(errno))
  }
}

private func lingeringSocketIsReadable(poll: UnsafeMutablePointer<uv_poll_t>?, status: Int32, events: Int32) {
  guard let data = poll?.pointee.data else { return }
  // The handle holds its member until its end.
  let member = Unmanaged<LingeringSockets.Member>.fromOpaque(data).takeUnretainedValue()
  member.owner.readable(member, isBroken: status < 0)
}

private func lingeringSocketEnded(handle: UnsafeMutablePointer<uv_handle_t>?) {
  guard let data = handle?.pointee.data else { return }
  // What `take` retained; the handle's memory goes with it.
  Unmanaged<LingeringSockets.Member>.fromOpaque(data).release()
}

private func lingeringTimePassed(timer: UnsafeMutablePointer<uv_timer_t>?) {
  guard let data = timer?.pointee.data else { return }
  Unmanaged<LingeringSockets>.fromOpaque(data).takeUnretainedValue().timePassed()
}
