// Who is connected to a tenant and what each session follows. Tells every session of a commit once, and keeps one live
// session a device.
import ReviewModel
import Storage
import SyncEngine
import Synchronization
import Trust

package final class FanOut: Sendable {
  private struct Follower {
    let device: Digest
    let mailbox: SessionMailbox
    var scopes: Set<Scope> = []
  }

  private struct State {
    var followers: [UInt64: Follower] = [:]
    var last: UInt64 = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Makes this the one session of the device; an older one is told that it was replaced.
  func join(device: Digest, mailbox: SessionMailbox) -> UInt64 {
    let (ticket, older) = state.withLock { state -> (UInt64, [SessionMailbox]) in
      let older = state.followers.filter { $0.value.device == device }
      for key in older.keys { state.followers[key] = nil }
      state.last += 1
      state.followers[state.last] = Follower(device: device, mailbox: mailbox)
      return (state.last, older.values.map(\.mailbox))
    }
    for mailbox in older { mailbox.post(.replaced) }
    return ticket
  }

  func leave(_ ticket: UInt64) { state.withLock { $0.followers[ticket] = nil } }

  func follow(_ ticket: UInt64, scopes: Set<Scope>) { state.withLock { $0.followers[ticket]?.scopes = scopes } }

  package var sessionCount: Int { state.withLock { $0.followers.count } }

  /// Tells what a commit changed: rights before rows, so that nothing of a scope follows its closing.
  func publish(_ group: CommittedGroup, reader: SessionReader) {
    let followers = state.withLock { Array($0.followers.values) }
    guard !followers.isEmpty else { return }
    if group.changesAccess { publishAccess(to: followers, reader: reader) }
    for changes in group.changes {
      let concerned = followers.filter { $0.scopes.contains(changes.scope) }
      guard !concerned.isEmpty else { continue }
      let shared = changes.shared
      for follower in concerned { follower.mailbox.post(.changed(shared)) }
    }
  }

  private func publishAccess(to followers: [Follower], reader: SessionReader) {
    for follower in followers {
      do {
        if let access = try reader.access(of: follower.device) { follower.mailbox.post(.accessChanged(access)) }
      } catch {
        // A session whose rights cannot be read must not go on with the old ones.
        follower.mailbox.post(.storeFailed)
      }
    }
  }
}
