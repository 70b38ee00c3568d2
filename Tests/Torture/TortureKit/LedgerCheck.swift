// The ledger as the server's file holds it, by plain code: gapless lanes, hash chains, one outcome of its own a change, and the
// tree; and whether every device was told those very records, and has kept checkpoints of this very tree.
import Foundation
import ReviewModel
import Storage
import StorageSQLite
import Trust

struct LedgerCheck {
  private struct Lane: Hashable {
    let device: Digest
    let lane: UInt32
  }

  private static let pageSize = 1_000

  private var records: [[UInt8]] = []
  private var lanes: [Lane: LanePosition] = [:]
  /// The entry that decided each change, and whether it only says that its kind is not known.
  private var deciding: [MutationID: (index: UInt64, isUnsupported: Bool)] = [:]
  private(set) var findings: [String] = []

  /// - Parameter folder: the server's data, with one tenant in it, which nobody has open.
  init(data folder: String) {
    let files = Self.files(in: folder + "/tenants") { $0.hasSuffix(".sqlite") }
    guard let file = files.first, files.count == 1 else {
      findings.append("the server's folder has \(files.count) tenants")
      return
    }
    do {
      let store = try SQLiteTenantStore.open(path: file, readOnly: true)
      try read(store)
      try store.close()
    } catch {
      findings.append("the ledger cannot be read: \(error)")
    }
  }

  private mutating func read(_ store: SQLiteTenantStore) throws {
    while true {
      let page = try store.entries(from: UInt64(records.count), limit: Self.pageSize)
      for entry in page { try check(entry) }
      if page.isEmpty { break }
    }
    if records.isEmpty { findings.append("the ledger is empty") }
    let size = try store.state().ledgerSize
    if size != UInt64(records.count) { findings.append("the ledger says \(size) entries and has \(records.count)") }
  }

  private mutating func check(_ entry: LedgerEntry) throws {
    if entry.index != UInt64(records.count) { findings.append("entry \(entry.index) follows entry \(records.count)") }
    records.append(entry.leafRecord)
    let envelope = try entry.envelope.envelope()
    let lane = Lane(device: entry.device, lane: entry.lane)
    let last = lanes[lane] ?? LanePosition(number: 0, hash: .zero)
    if envelope.number != last.number + 1 || envelope.previousHash != last.hash {
      findings.append("entry \(entry.index): number \(envelope.number) does not follow \(last.number) of its lane")
    }
    lanes[lane] = LanePosition(number: envelope.number, hash: Self.hash(ofEnvelope: entry.envelope.bytes))
    let outcome = try LeafRecord(canonical: entry.leafRecord).outcome
    if let first = deciding[entry.mutationID], !first.isUnsupported || outcome.code == .idReused {
      if outcome.duplicateOf != first.index, outcome.code != .idReused {
        findings.append("a change was decided in entry \(first.index) and in entry \(entry.index)")
      }
    } else {
      deciding[entry.mutationID] = (entry.index, outcome.code == .unsupported)
    }
  }

  // MARK: Devices

  /// Whether a device was told what the ledger holds.
  mutating func compare(home folder: String, of name: String) {
    let files = Self.files(in: folder) { $0.hasSuffix("outbox.sqlite") }
    if files.isEmpty { findings.append("\(name): has no outbox") }
    for file in files {
      do {
        let outbox = try SQLiteOutboxStore.open(path: file)
        try compare(outbox, of: name)
        try outbox.close()
      } catch {
        findings.append("\(name): the outbox cannot be read: \(error)")
      }
    }
  }

  private mutating func compare(_ outbox: SQLiteOutboxStore, of name: String) throws {
    for isRefused in [true, false] {
      for row in try outbox.answered(isRefused: isRefused, limit: .max) {
        guard let answer = row.answer else { continue }
        if answer.ledgerIndex >= UInt64(records.count) || records[Int(answer.ledgerIndex)] != answer.leafRecord {
          findings.append("\(name): was told another outcome than entry \(answer.ledgerIndex) has")
        }
      }
    }
    let leaves = records.map { SHA256.hash([0] + $0) }
    for seen in try outbox.checkpoints().map(\.checkpoint) {
      guard seen.size <= UInt64(leaves.count), Self.root(leaves[..<Int(seen.size)]) == seen.root else {
        findings.append("\(name): has seen \(seen.size) entries with another root")
        continue
      }
    }
  }

  // MARK: Definitions

  /// SHA-256 of the DSSE PAE by its definition.
  private static func hash(ofEnvelope bytes: [UInt8]) -> Digest {
    let type = "application/vnd.countersign.mutation.v1"
    return SHA256.hash(Array("DSSEv1 \(type.utf8.count) \(type) \(bytes.count) ".utf8) + bytes)
  }

  /// RFC 6962, 2.1.
  private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return SHA256.hash([UInt8]()) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return SHA256.hash([1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
  }

  private static func files(in folder: String, where isMeant: (String) -> Bool) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter(isMeant).sorted().map { folder + "/" + $0 }
  }
}
