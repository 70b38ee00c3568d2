// The full audit: the whole ledger from its first entry, every leaf in the root, and every outcome decided again.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import SyncProtocol
import Trust

struct LedgerReplay {
  let tenant: TenantID
  let serverKey: PublicKey
  let checkpoint: SeenCheckpoint

  private var set = WorkingSet()
  private var frontier = MerkleFrontier()
  private(set) var findings = AuditFindings()
  private var size: UInt64 = 0

  init(tenant: TenantID, serverKey: PublicKey, checkpoint: SeenCheckpoint) {
    self.tenant = tenant
    self.serverKey = serverKey
    self.checkpoint = checkpoint
  }

  /// The next entry; they must come without gaps.
  mutating func add(_ entry: ProvedEntry) {
    guard entry.index == size else {
      return findings.problem("The ledger came with a gap before entry \(entry.index).")
    }
    size += 1
    findings.entriesChecked += 1
    _ = frontier.append(MerkleHash.leaf(entry.leafRecord))
    let record: LeafRecord
    let envelope: Envelope
    do {
      record = try LeafRecord(canonical: entry.leafRecord)
      envelope = try entry.envelope.envelope()
    } catch {
      return findings.problem("Ledger entry \(entry.index) cannot be read.")
    }
    guard record.envelopeHash == entry.envelope.hash, envelope.tenant == tenant else {
      return findings.problem("Ledger entry \(entry.index) does not belong to its envelope.")
    }
    decide(entry, envelope, record)
  }

  /// Whether all leaves together are what the checkpoint says.
  mutating func finish() -> AuditFindings {
    if size != checkpoint.size || frontier.root != checkpoint.root {
      findings.problem("The \(size) entries of the ledger do not make the root of the checkpoint of size \(checkpoint.size).")
    }
    return findings
  }

  private mutating func decide(_ entry: ProvedEntry, _ envelope: Envelope, _ record: LeafRecord) {
    let isByServer = envelope.device == serverKey.fingerprint
    let device = device(envelope.device)
    var key = isByServer ? serverKey : device?.publicKey
    // A body that cannot be read gives no key, which is told below.
    if key == nil, case .known(.enrolDevice(let body)) = try? Mutation.decode(envelope.body) {
      key = body.publicKey.fingerprint == envelope.device ? body.publicKey : nil
    }
    findings.signature(
      key.map { entry.envelope.isSigned(by: $0) } ?? false,
      else: "Ledger entry \(entry.index) does not carry a valid signature of its device.")
    // Repeats change nothing; a newer version of the rules is for a newer program.
    guard record.outcome.duplicateOf == nil, record.rulesVersion == Rules.version else { return }
    let context = RuleContext(
      tenant: tenant, actor: Actor(member: device?.member ?? .zero, device: envelope.device, isServer: isByServer),
      mutationID: envelope.mutationID, clock: envelope.clock, nowMilliseconds: record.serverMilliseconds,
      ledgerIndex: entry.index)
    let parts = PartSet(entry.parts.compactMap { Part($0) })
    var outcome: Outcome?
    for _ in 0..<64 where outcome == nil {
      switch Rules.decide(envelope.body, parts: parts, context: context, in: &set) {
      case .decided(let decided): outcome = decided.outcome
      // The replay holds everything that ever was; what it does not hold is not there.
      case .needs(let keys): for key in keys { set.load(key, nil) }
      }
    }
    if outcome?.targets != record.outcome.targets {
      findings.problem("The outcome of ledger entry \(entry.index) does not follow from the rules and what came before it.")
    }
  }

  private func device(_ id: Digest) -> DeviceEntity? {
    guard case .device(let device) = set.current(.device(id))?.value else { return nil }
    return device
  }
}
