// Trouble that is played where the device meets the network and its files.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

extension SimulatedDevice {
  /// A page that was applied up to its middle when the process died; the cursor is where the rows end.
  func halve(_ page: CachedPage) throws {
    guard habits.halvesPage, page.rows.count > 1 else { return }
    habits.halvesPage = false
    let rows = Array(page.rows.prefix(page.rows.count / 2))
    note("applies \(rows.count) of \(page.rows.count) rows")
    let half = CachedPage(scope: page.scope, from: page.from, to: rows.last?.seq ?? page.from, rows: rows)
    _ = try stores?.execute(.apply(half), nowMilliseconds: wallMilliseconds)
    throw DeviceDied()
  }

  /// The same bytes twice: in this session, or once more in the next.
  func repeatPush(_ frame: ClientFrame, _ bytes: [UInt8]) {
    guard case .push = frame else { return }
    context.totals.pushes += 1
    if habits.repeatsPush, let last = habits.lastPush, last.key == id {
      habits.repeatsPush = false
      note("> the last push of before, once more")
      link?.send(last.bytes, .up)
    }
    habits.lastPush = (id, bytes)
  }

  /// Nothing of lane 1 gets a number before what the machine was told of in lane 0.
  func checkUrgency(before lane: UInt32) throws {
    let waiting = habits.urgent.intersection(habits.told)
    guard lane > 0, !waiting.isEmpty, !context.excuses.copied.contains(id) else { return }
    let isQueued = try outbox.unanswered().contains { $0.state == .queued && waiting.contains($0.mutation.mutationID) }
    guard isQueued else { return }
    throw Violation(.laneOvertaken, "\(name) offers changes of lane 1 while a pause waits for its number")
  }
}
