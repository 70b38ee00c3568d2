// The one error type of pipes.

/// Why a pipe could not carry a message. Two errors are equal when their codes are.
package struct PipeError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The pipe is closed.
    case closed
    /// The peer read too little within the write deadline.
    case writeDeadline
    /// The message is longer than the limit of its encoding, or empty.
    case messageTooLong
    /// The peer broke the protocol, and this side closed; `closure` has the code.
    case refused
  }

  package let code: Code
  /// One sentence that says what happened and what to do.
  package let message: String
  /// How the pipe ended, if it has.
  package let closure: PipeClosure?

  package init(_ code: Code, _ message: String, closure: PipeClosure? = nil) {
    self.code = code
    self.message = message
    self.closure = closure
  }

  /// The error for a pipe that ended as `closure` says.
  package static func closed(_ closure: PipeClosure) -> PipeError {
    let side = closure.byPeer ? "by the other side" : "on this side"
    let reason = closure.reason.isEmpty ? "" : ", \(closure.reason)"
    return PipeError(.closed, "The connection was closed \(side) (\(closure.code)\(reason)); connect again.", closure: closure)
  }

  package static func == (left: PipeError, right: PipeError) -> Bool { left.code == right.code }

  package var description: String { message }
}
