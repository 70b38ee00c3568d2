// The one error type of this module. Ordinary refusals (a signature or a proof that does not hold) are Bool answers;
// errors are for bytes that cannot be read or opened at all.

/// What went wrong with bytes from outside, or with a computation on them.
package enum TrustError: Error, Hashable, Sendable, CaseIterable {
  /// The text is not a signed note within the limits.
  case malformedNote
  /// The note is well formed, but carries no valid signature of the key that was asked for.
  case noteNotSigned
  /// The note's text is not a checkpoint.
  case malformedCheckpoint
  /// A name that cannot stand in a signed note or checkpoint (empty, with white space, `+` or control characters).
  case unusableName
  /// The sealed bytes are too short, were changed, or were sealed for another key or context.
  case cannotOpen
  /// The salt or the cost of a passphrase key is outside the allowed bounds.
  case passphraseParameters
  /// There was not enough memory to derive a key from a passphrase.
  case outOfMemory
  /// An index or a size lies outside the Merkle log.
  case outsideLog

  /// A stable word for logs, metrics and programs.
  package var code: String {
    switch self {
    case .malformedNote: "malformed_note"
    case .noteNotSigned: "note_not_signed"
    case .malformedCheckpoint: "malformed_checkpoint"
    case .unusableName: "unusable_name"
    case .cannotOpen: "cannot_open"
    case .passphraseParameters: "passphrase_parameters"
    case .outOfMemory: "out_of_memory"
    case .outsideLog: "outside_log"
    }
  }

  /// One sentence for people, with the remedy.
  package var sentence: String {
    switch self {
    case .malformedNote: "This is not a signed note; ask the sender for the unchanged file."
    case .noteNotSigned: "The note carries no valid signature of the expected key; compare its fingerprint with the pinned one."
    case .malformedCheckpoint: "The note is no checkpoint of a log; ask the server for its current checkpoint."
    case .unusableName: "The name cannot stand in a signed note; choose one without spaces, plus signs and control characters."
    case .cannotOpen: "The sealed bytes cannot be opened; check the key or passphrase, or restore an unchanged copy."
    case .passphraseParameters: "The stored salt or cost for the passphrase is out of bounds; restore the file from a copy."
    case .outOfMemory: "There is not enough memory to derive the key; close other programs and try again."
    case .outsideLog: "The index or size lies outside the log; fetch the current checkpoint and ask again."
    }
  }
}

extension TrustError: CustomStringConvertible {
  package var description: String { "\(code): \(sentence)" }
}
