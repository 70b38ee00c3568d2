// Wakes the process that syncs a profile: a named pipe into which others write a byte. (A socket's name may have 107 bytes
// at most, too few for many a home directory.)
import Dispatch
import Glibc

/// The `poke` file of a profile.
enum PokePipe {
  /// Whether a listener was there.
  static func poke(_ path: String) -> Bool {
    // Without a reader a pipe cannot be opened for writing only; that is the answer.
    let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFIFO else { return false }
    var byte: UInt8 = 1
    // A full pipe is one that has been poked.
    return write(descriptor, &byte, 1) == 1 || errno == EAGAIN
  }

  static func listen(_ path: String) throws -> AsyncStream<Void> {
    if mkfifo(path, 0o600) != 0 {
      var information = stat()
      let isPipe = lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFIFO
      if !isPipe && (unlink(path) != 0 || mkfifo(path, 0o600) != 0) { throw PrivateFiles.Failure("make", path) }
    }
    // Opened for writing too, so that it never ends while nobody pokes.
    let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw PrivateFiles.Failure("open", path) }
    return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "countersign.poke"))
      source.setEventHandler {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
        continuation.yield()
      }
      source.setCancelHandler { close(descriptor) }
      let listener = Listener(source: source)
      continuation.onTermination = { _ in listener.source.cancel() }
      source.resume()
    }
  }

  /// Guard: the source is immutable here, and Dispatch lets any thread cancel one.
  private struct Listener: @unchecked Sendable {
    let source: any DispatchSourceRead
  }
}
