// The switch: pausing publishing, and lifting exactly the pauses that are named.
import ReviewModel
import Trust

extension Rules {
  /// A pause holds on what is not known yet, too, so its target is not looked up.
  static func pause(_ body: Pause, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin, .editor, .reviewer)
    try attempt.requireFree([.pause(body.pause)])
    guard body.target.platform.utf8.count <= RuleLimits.nameByteCount else { throw .refused(.tooLarge) }
    var pause = PauseEntity()
    pause.id = body.pause
    pause.target = body.target
    pause.member = attempt.member.id
    let reason = try attempt.parts.reason(body.reason)
    pause.reason = reason.text
    pause.partDigests = reason.partDigests
    pause.atMilliseconds = attempt.now
    attempt.write(.pause(pause), in: .tenant)
    return .applied()
  }

  static func resume(_ body: Resume, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin)
    guard !body.pauses.isEmpty else { throw .refused(.pauseNotFound) }
    guard body.pauses.count <= RuleLimits.targets else { throw .refused(.tooManyTargets) }
    return attempt.each(body.pauses) { (attempt: inout Attempt, id: PauseID) throws(Halt) -> TargetOutcome in
      guard case .pause(var pause) = try attempt.entity(.pause(id))?.value, pause.liftedBy == nil else {
        throw .refused(.pauseNotFound)
      }
      pause.liftedBy = attempt.member.id
      attempt.write(.pause(pause), in: .tenant)
      return TargetOutcome(status: .applied)
    }
  }
}
