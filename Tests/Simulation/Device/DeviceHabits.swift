// What the driver of a device remembers beside the real client's state: trouble that waits for its moment, and what checks
// need.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

struct DeviceHabits {
  /// The next page is applied in halves, and the process dies between them.
  var halvesPage = false
  /// What was pushed last comes again, once the next session is under way.
  var repeatsPush = false
  /// A disk changes something in the next row that comes so far.
  var damagesRow: OutboxRowState?
  /// Its disk has changed something: it may die while it takes a new identity.
  var diesOnTheWay = false
  var lastPush: (key: Digest, bytes: [UInt8])?
  /// The server has given up the session, and nothing of that has reached the device.
  var isHalfOpen = false
  /// Nobody uses the device before this moment.
  var mutedUntil: UInt64 = 0
  /// Queued changes of lane 0 that have no number yet.
  var urgent: Set<MutationID> = []
  /// Timers that were set in this session, for the bug that sets each only once.
  var armed: Set<SessionTimer> = []
  /// Those of them that the machine was told of.
  var told: Set<MutationID> = []

  /// Whether the machine looks at the outbox again after this event.
  mutating func tell(_ event: ClientSessionEvent) {
    switch event {
    case .outboxChanged, .timerFired(.heartbeat): told = urgent
    default: return
    }
  }

  mutating func sessionBegins() {
    armed = []
    told = urgent
    isHalfOpen = false
  }
}
