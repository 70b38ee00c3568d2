// One connection as the server sees it: the machine, its mailbox, and the frames that wait to be read. What happens to it comes
// in the order of the mailbox, one thing at a time, with a moment in between in which the server may die.
import ReviewModel
import Storage
import SyncEngine
import Trust

final class ServerConversation {
  enum Item {
    case event(ServerSessionEvent)
    /// A frame of the client; the next one is read when it was handled.
    case frame(ServerSessionEvent)
    case ended
  }

  let number: Int
  let link: SimulatedLink
  var machine: ServerSession
  var mailbox: [Item] = []
  /// Whether the next look into the mailbox is scheduled.
  var isAwake = false
  var unread: [[UInt8]] = []
  var isHandlingFrame = false
  var isChoked = false
  var isOver = false
  /// Once it is the session of a device.
  var device: Digest?
  var followed: Set<Scope> = []

  init(number: Int, link: SimulatedLink, machine: ServerSession) {
    self.number = number
    self.link = link
    self.machine = machine
  }
}
