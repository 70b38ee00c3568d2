// A small file system of its own for the server's data or a home, so that it can be full or read-only; where mounting is
// not permitted, the play goes on without.
import Foundation
import Glibc
import ProcessHarness

package final class Disk: Sendable {
  package let path: String
  private var filler: String { path + "/filler" }

  /// Nil, with a printed line, where mounting is not permitted.
  package init?(at path: String, megabytes: Int) {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try Self.system("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", path])
    } catch {
      print("torture: no full disks here, mounting is not permitted (\(path))")
      return nil
    }
  }

  deinit { unmount() }

  private static func system(_ name: String, _ arguments: [String]) throws {
    _ = try MeasuredProcess.milliseconds(path: "/bin/\(name)", arguments: arguments, environment: [:])
  }

  /// Takes every byte that is left, all but so many.
  package func fill(leavingBytes: Int = 0) {
    let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    var size = 1 << 20
    while size > 0 {
      let block = [UInt8](repeating: 0x20, count: size)
      if write(descriptor, block, size) < size { size /= 4 }
    }
    let length = lseek(descriptor, 0, SEEK_END)
    if leavingBytes > 0 { ftruncate(descriptor, max(0, length - leavingBytes)) }
    close(descriptor)
  }

  package func free() { unlink(filler) }

  /// Whether it worked: not while somebody has a file open for writing.
  package func makeReadOnly() -> Bool {
    do { try Self.system("mount", ["-o", "remount,ro", path]) } catch { return false }
    return true
  }

  package func makeWritable() {
    do { try Self.system("mount", ["-o", "remount,rw", path]) } catch { print("torture: \(path) stays read-only: \(error)") }
  }

  /// Its contents are copied beside it first, when somebody will look into them.
  package func unmount(keepingAt copy: String? = nil) {
    if let copy { do { try Self.system("cp", ["-r", path, copy]) } catch { print("torture: \(path) is not kept: \(error)") } }
    do { try Self.system("umount", ["-l", path]) } catch { return }  // it is gone already
  }
}
