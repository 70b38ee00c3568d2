// What kind of frame it is, in a word, for the trace.
import ReviewModel
import SyncProtocol

enum FrameNames {
  static func name(_ frame: ServerFrame) -> String {
    switch frame {
    case .changes(let changes):
      "changes \(changes.scope.name.prefix(16)) \(changes.from)…\(changes.to) (\(changes.entries.count))"
    case .outcomes(let outcomes): "outcomes lane \(outcomes.lane) \(outcomes.answers.map(\.number))"
    case .checkpoint(let checkpoint): "checkpoint (\(checkpoint.digests.count) digests)"
    case .goodbye(let goodbye): "goodbye \(goodbye.code) \(goodbye.detail)"
    default: label(frame)
    }
  }

  static func name(_ frame: ClientFrame) -> String {
    switch frame {
    case .push(let push): "push (\(push.envelopes.count))"
    case .subscribe(let subscribe): "subscribe \(subscribe.cursors.map(\.cursor))"
    default: label(frame)
    }
  }

  private static func label(_ frame: Any) -> String { Mirror(reflecting: frame).children.first?.label ?? "frame" }
}
