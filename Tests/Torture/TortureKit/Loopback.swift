// Plain sockets on 127.0.0.1 by the system's own calls, and threads that may block: what the proxy is made of.
import Dispatch
import Glibc
import ProcessHarness

enum Threads {
  /// A queue of its own is a thread of its own while it works.
  static func start(_ work: @escaping @Sendable () -> Void) { DispatchQueue(label: "torture").async(execute: work) }
}

enum Loopback {
  private static let writeSeconds = 10

  private static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// Lends an address the way the system's calls want it.
  private static func withPointer<Answer>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Answer
  ) -> Answer {
    // Safe: sockaddr_in begins as sockaddr does, and every call is told its real length.
    withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
  }

  static func listen() throws -> (socket: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var address = address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard descriptor >= 0, withPointer(&address, { bind(descriptor, $0, length) }) == 0, Glibc.listen(descriptor, 64) == 0,
      withPointer(&address, { getsockname(descriptor, $0, &length) }) == 0
    else { throw HarnessError("the proxy cannot listen: \(String(cString: strerror(errno)))") }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  static func connect(to port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var address = address(port: port)
    guard descriptor >= 0 else { return nil }
    guard withPointer(&address, { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  static func isReadable(_ descriptor: Int32, withinMilliseconds limit: Int32) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, limit) > 0
  }

  /// Which of two sockets have something to read (or have ended), within a tenth of a second.
  static func readable(_ first: Int32, _ second: Int32, isFirstWanted: Bool, isSecondWanted: Bool) -> (Bool, Bool) {
    // A negative number is passed over.
    var wanted = [
      pollfd(fd: isFirstWanted ? first : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isSecondWanted ? second : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&wanted, 2, 100) > 0 else { return (false, false) }
    return (wanted[0].revents != 0, wanted[1].revents != 0)
  }

  /// Empty at the end of the stream, nil when the connection is broken.
  static func read(_ descriptor: Int32, count: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = recv(descriptor, &buffer, count, 0)
    return got < 0 ? nil : Array(buffer[..<got])
  }

  static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    var limit = timeval(tv_sec: writeSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var sent = 0
    while sent < bytes.count {
      // Safe: the bytes are lent for the call.
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  static func end(_ descriptor: Int32, isReset: Bool) {
    if isReset {
      var atOnce = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
    }
    close(descriptor)
  }

  /// The network's slowness; nothing waits for it to be over.
  static func pause(milliseconds: Int) { poll(nil, 0, Int32(clamping: milliseconds)) }
}
