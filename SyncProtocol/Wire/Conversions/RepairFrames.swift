// The frames with which a scope whose digest differs is put right: Repair and its pages.
import Foundation
import ReviewModel
import Trust

extension Repair {
  init(wire message: WireRepair) throws(WireError) {
    self.init(
      scope: try WireReading.scope(message.scope, "repair.scope"), cursor: message.cursor,
      leaves: try WireReading.fixed(message.leaves, "repair.leaves", limit: WireLimits.digestLeaves))
    guard leaves.count == WireLimits.digestLeaves else {
      throw .malformed("repair.leaves", "exactly \(WireLimits.digestLeaves) digests")
    }
  }

  var wire: WireRepair {
    var message = WireRepair()
    message.scope = scope.name
    message.cursor = cursor
    message.leaves = leaves.map(\.data)
    return message
  }
}

extension RepairPage {
  init(wire message: WireRepairPage) throws(WireError) {
    self.init(
      scope: try WireReading.scope(message.scope, "repair_page.scope"), head: message.head,
      leaves: try WireReading.bytes(message.leaves, "repair_page.leaves", limit: WireLimits.digestLeaves),
      entries: try WireReading.list(
        message.entries, "repair_page.entries", limit: WireLimits.entriesAPage, ChangeEntry.init(wire:)),
      isLast: message.isLast)
  }

  var wire: WireRepairPage {
    var message = WireRepairPage()
    message.scope = scope.name
    message.head = head
    message.leaves = Data(leaves)
    message.entries = entries.map(\.wire)
    message.isLast = isLast
    return message
  }
}
