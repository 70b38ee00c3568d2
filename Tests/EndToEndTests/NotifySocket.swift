// A socket as a service manager listens at, by the path in NOTIFY_SOCKET.
import Dispatch
import Glibc
import ProcessHarness

/// Closed with its owner. A datagram that does not come is given up after 30 seconds, so that a broken test ends.
final class NotifySocket: Sendable {
  private static let patienceSeconds = 30

  private let descriptor: Int32

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { throw HarnessError("no socket: \(errno)") }
    var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw HarnessError("\(path) is too long") }
    // Safe: the path is shorter than the field, which ends with zeros.
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    // Safe: the address is a plain value of the size given, and lives until the call has returned.
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw HarnessError("nobody can be told through \(path): \(errno)") }
  }

  deinit { close(descriptor) }

  /// What is told next; empty when nothing came.
  func next() async -> String {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [descriptor] in
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        continuation.resume(returning: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
      }
    }
  }
}
