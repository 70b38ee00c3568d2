// What a device says that it has seen, with the note that may prove it: bytes of a stranger until the signature holds.
import ReviewModel
import Trust

struct ShownNote: Sendable, Hashable {
  /// As `Hello` names it.
  let seen: SeenCheckpoint
  /// As `Prove` brings it; empty for none.
  let note: [UInt8]

  /// Whether the server of this configuration has signed exactly this checkpoint of this log.
  func isProved(to configuration: ServerSessionConfiguration, origin: String) -> Bool {
    guard seen.origin == origin, !note.isEmpty, let text = String(validating: note, as: UTF8.self) else { return false }
    do {
      let checkpoint = try Checkpoint.open(
        text, name: configuration.serverName, key: configuration.signingKey.publicKey)
      return checkpoint.origin == origin && checkpoint.size == seen.size && checkpoint.root == seen.root
    } catch {
      // Not a note, or not by this key: it proves nothing.
      return false
    }
  }
}
