// A command on a device: predicted by the rules on the view, then appended to the outbox in one transaction.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

/// What a command wants to make.
struct Draft {
  var mutation: Mutation
  var parts: [Part] = []
}

extension SimulatedDevice {
  /// Queues what the rules let through, and with `isBlind` all of it. Answers how many mutations were queued.
  @discardableResult
  func command(_ name: String, _ drafts: [Draft], isBlind: Bool = false) throws -> Int {
    guard !drafts.isEmpty, !isDiskFull || files.disk != nil else { return 0 }
    guard canWrite(name) else { return 0 }
    do {
      if try !keeper.isCurrent() { _ = try keeper.refresh(changed: nil) }
      var replay = Replay(actor: actor)
      var queued: [QueuedMutation] = []
      for draft in drafts {
        let mutation = queue(draft)
        let untouched = replay
        let outcome = try replay.play(mutation) { keys throws(StorageError) in try cache.view(keys) }
        let isFine = outcome.targets.allSatisfy { $0.status == .applied || $0.status == .staged }
        if isFine || isBlind { queued.append(mutation) } else { replay = untouched }
      }
      guard !queued.isEmpty else { return 0 }
      try append(queued, &replay)
      note("\(name): \(queued.map { "\($0.mutationID.hex.prefix(6))" }.joined(separator: " "))")
      return queued.count
    } catch let error as StorageError where files.disk != nil {
      // The command says that it failed; what it has appended before it did is there all the same.
      note("\(name): fails: \(error.code)")
      throw error
    } catch let error as StorageError {
      throw Violation(.storeFailed, "\(self.name): \(name): \(error.sentence)")
    }
  }

  /// Cuts the rows if none was ever offered; nobody is promised them any more.
  func undo(_ rows: [OutboxRow]) throws {
    guard !isDiskFull || files.disk != nil, canWrite("undo") else { return }
    do throws(StorageError) {
      let undone = try outbox.cut(rows.map(\.row)) ? rows.map(\.mutation.mutationID) : []
      note("undo: \(undone.count) of \(rows.count)")
      context.promises.release(undone)
      habits.urgent.subtract(undone)
      if !undone.isEmpty { _ = try keeper.refreshIfStale() }
    } catch  where files.disk != nil {
      // What was cut before it failed is gone; what was not is still promised to the outbox by its row.
      note("undo: fails: \(error.code)")
      context.promises.release(rows.map(\.mutation.mutationID))
      throw error
    } catch {
      throw Violation(.storeFailed, "\(name): undo: \(error.sentence)")
    }
  }

  /// A command whose disk fails before it has appended anything has done nothing.
  private func canWrite(_ name: String) -> Bool {
    do {
      try disk.write()
      return true
    } catch {
      note("\(name): \(error.code)")
      return false
    }
  }

  private func queue(_ draft: Draft) -> QueuedMutation {
    let now = wallMilliseconds
    clock = clock.advanced(toWallMilliseconds: now)
    return QueuedMutation(
      mutationID: random.identifier(), lane: draft.mutation.lane, body: draft.mutation.encoded(), parts: draft.parts,
      clock: clock, queuedMilliseconds: now)
  }

  private func append(_ queued: [QueuedMutation], _ replay: inout Replay) throws {
    let keeper = try keeper
    let before = try keeper.currentPosition()
    do {
      _ = try keeper.append(queued, replay: &replay, before: before)
    } catch {
      // What is in the outbox is there, whatever became of the view. What cannot be read now promises nothing.
      promise(files.quietly { queued.filter { (try? keeper.outbox.row(mutation: $0.mutationID)) != nil } })
      throw error
    }
    promise(queued)
    try damage(queued, at: .queued)
    guard session != nil, !losesPokes else { return }
    self.after(random.between(0, 20)) { try self.handle(.outboxChanged) }
  }

  private func promise(_ queued: [QueuedMutation]) {
    guard !queued.isEmpty else { return }
    context.totals.commands += 1
    context.totals.mutations += queued.count
    for mutation in queued {
      context.promises.queued(mutation, by: name)
      if mutation.lane == 0 { habits.urgent.insert(mutation.mutationID) }
    }
  }
}
