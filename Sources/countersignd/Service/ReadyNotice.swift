// Tells whoever started the server that it accepts connections, and where: a file, an open descriptor, systemd.
import Foundation
import Glibc

struct ReadyNotice {
  let file: String?
  let descriptor: Int32?

  /// - Throws: `CommandFailure` if the file cannot be written; nobody would learn of the server otherwise.
  func give(url: String) throws {
    if let file {
      do {
        try Data("\(url)\n".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
      } catch {
        throw CommandFailure(
          "\(file) cannot be written: \(error.localizedDescription). Give --ready-file another place.")
      }
    }
    if let descriptor {
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
      do {
        try handle.write(contentsOf: Data("\(url)\n".utf8))
        try handle.close()
      } catch {
        throw CommandFailure(
          "The descriptor \(descriptor) of --ready-fd cannot be written; let who reads from it stay until the server serves.")
      }
    }
    Self.notifySystemd("READY=1\nSTATUS=Serving at \(url)")
  }

  static func stopping() { notifySystemd("STOPPING=1") }

  /// One datagram to the socket that systemd names, if it does. Its loss has no consequence but systemd's own time-out.
  private static func notifySystemd(_ message: String) {
    guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else {
      return
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard name.count < capacity else { return }
    // Safe: the name is shorter than the field it is copied into.
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let bytes = Array(message.utf8)
    // Safe: the address lives for the call, and `length` covers what was filled of it.
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(descriptor, bytes, bytes.count, 0, $0, length) }
    }
  }
}
