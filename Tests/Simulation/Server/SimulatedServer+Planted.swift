// Bugs of the server, planted in what reaches its writer and in what leaves its sessions; and what is added to frames.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedServer {
  /// A field that no version knows, on every frame while a newer program is about.
  var unknownField: [UInt8] { context.hasUnknownFields ? [0xC0, 0x3E, 0x01] : [] }

  /// `applyTwice`: what comes again after a reconnect is decided again, under the next number.
  func planted(submitted envelopes: [VerifiedEnvelope]) -> [VerifiedEnvelope] {
    guard context.has(.applyTwice) else { return envelopes }
    return envelopes.map { verified in
      var envelope = verified.envelope
      // A store in memory can be read, and what was verified is canonical.
      guard let last = (try? store.lanes(of: envelope.device))?[envelope.lane], envelope.number <= last.number else {
        return verified
      }
      envelope.number = last.number + 1
      envelope.previousHash = last.hash
      let signed = SignedEnvelope(bytes: envelope.encoded(), signature: verified.signed.signature)
      return (try? VerifiedEnvelope.trusted(signed, parts: verified.parts.ordered.map(\.bytes))) ?? verified
    }
  }

  /// `dropOutcome`: what was answered once is not answered again.
  func planted(results: [SubmissionResult]) -> [SubmissionResult] {
    guard context.has(.dropOutcome) else { return results }
    return results.filter { if case .answered(let answer) = $0 { answer.isNew } else { true } }
  }

  func planted(sent frame: ServerFrame) -> ServerFrame {
    switch (context.plan.bug, frame) {
    case (.forgetFloor, .checkpoint(var checkpoint)) where context.excuses.hasForgottenDepartures:
      checkpoint.digests = []
      return .checkpoint(checkpoint)
    default: return frame
    }
  }

  /// Before a frame leaves: what it costs, and whether it is the one that is to be lost.
  func audit(_ frame: ServerFrame, byteCount: Int, on link: SimulatedLink) throws {
    switch frame {
    case .changes(let changes) where !context.excuses.hasRolledBack:
      try costAudit.sends(changes, byteCount: byteCount, over: link.number)
    case .goodbye(let goodbye): shownNotes.said(goodbye, over: link.number)
    case .outcomes where link.losesAnswers: link.cut()
    default: return
    }
  }
}
