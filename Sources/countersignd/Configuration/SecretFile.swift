// The server's secrets on the disk: private, whole, and durable before anybody relies on them. A key that a loss of power has
// taken cannot be made again, and whoever has enrolled trusts in no other.
import Foundation
import Glibc

enum SecretFile {
  /// Replaces the file whole: a crash leaves what was there before, or this.
  /// - Throws: `CommandFailure` saying what was in the way.
  static func write(_ text: String, to path: String) throws {
    let temporary = path + ".new"
    // What an interrupted write has left is of no use to anybody.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      defer { close(descriptor) }
      guard PlainWriting.write(Array(text.utf8), to: descriptor) == nil, fsync(descriptor) == 0, rename(temporary, path) == 0
      else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    // The name is durable only when its folder is, and that one, which may be new, by the one above.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    for place in [folder, folder.deletingLastPathComponent()] { try sync(folder: place.path) }
  }

  private static func sync(folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  private static func failure(_ path: String) -> CommandFailure {
    let cause = String(cString: strerror(errno))
    return CommandFailure("\(path) cannot be written (\(cause)); check the directory's owner and its free space.")
  }
}
