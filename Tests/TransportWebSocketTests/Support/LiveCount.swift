// Counts what is still alive, and listens without ever answering.
import Glibc
import RawSockets
import Synchronization
import Transport

/// Watches pipes without holding them.
final class LiveCount: Sendable {
  private struct Watched {
    weak var pipe: (any FramePipe)?
  }

  private let pipes = Mutex<[Watched]>([])

  func watch(_ pipe: any FramePipe) { pipes.withLock { $0.append(Watched(pipe: pipe)) } }

  var watched: Int { pipes.withLock { $0.count } }
  var alive: Int { pipes.withLock { $0.count { $0.pipe != nil } } }
}

/// A socket that listens and accepts nothing.
final class SilentListener: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    // The address is a plain value of the size given.
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard result else { throw RawSocket.Failure("no listener") }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}
