// The full audit: the whole ledger from its first entry, every leaf in the root, and every entry decided again by the very code
// that the server decides with, on a store in memory.
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

  private(set) var replayer: LedgerReplayer
  private var frontier = MerkleFrontier()
  private(set) var findings = AuditFindings()
  private var size: UInt64 = 0
  /// Something could not be decided again, so nothing after it can.
  private(set) var isStuck = false

  init(tenant: TenantID, serverKey: PublicKey, checkpoint: SeenCheckpoint) {
    self.tenant = tenant
    self.serverKey = serverKey
    self.checkpoint = checkpoint
    // No entry is decided by the epoch; it is part of the origin.
    replayer = LedgerReplayer(
      store: MemoryTenantStore(tenant: tenant, epoch: .zero),
      identity: LedgerIdentity(origin: checkpoint.origin, serverDevice: serverKey.fingerprint))
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
      isStuck = true
      return findings.problem("Ledger entry \(entry.index) cannot be read.")
    }
    guard record.envelopeHash == entry.envelope.hash, envelope.tenant == tenant else {
      isStuck = true
      return findings.problem("Ledger entry \(entry.index) does not belong to its envelope.")
    }
    checkSignature(entry, envelope)
    decide(entry, envelope, record)
  }

  /// Whether an erasure that came after the checkpoint may have taken texts of entries before it.
  var lacksTexts: Bool { !replayer.unexplained.isEmpty }

  /// Whether all leaves together are what the checkpoint says.
  ///
  /// - Parameter differences: what the device was shown, however often the ledger was fetched, and the ledger does not make.
  mutating func finish(_ differences: [BasePlace: BaseDifference]) -> AuditFindings {
    if size != checkpoint.size || frontier.root != checkpoint.root {
      findings.problem("The \(size) entries of the ledger do not make the root of the checkpoint of size \(checkpoint.size).")
    }
    for part in replayer.unexplained {
      findings.problem("A text of ledger entry \(part.index) is missing, and no erasure took it.")
    }
    for part in replayer.kept {
      findings.problem("The erasure in ledger entry \(part.index) left a text with the server.")
    }
    for (place, difference) in differences.sorted(by: { $0.key < $1.key }) {
      findings.problem(Self.sentence(place, difference))
    }
    findings.erased = replayer.erasedCount
    return findings
  }

  private mutating func checkSignature(_ entry: ProvedEntry, _ envelope: Envelope) {
    let key = key(of: envelope)
    // Where nothing can be decided any more, new devices are not known either; that it began was told.
    if key == nil, isStuck { return }
    findings.signature(
      key.map { entry.envelope.isSigned(by: $0) } ?? false,
      else: "Ledger entry \(entry.index) does not carry a valid signature of its device.")
  }

  /// The server's, the one that the replayed ledger knows, or the one that the entry itself brings.
  private func key(of envelope: Envelope) -> PublicKey? {
    if envelope.device == serverKey.fingerprint { return serverKey }
    let key = EntityKey.device(envelope.device)
    // A store in memory is only ever read here; what cannot be read is no key, which is told.
    if let stored = try? replayer.store.load([key])[key] { return (try? DeviceEntity(tolerating: stored.payload))?.publicKey }
    guard case .known(.enrolDevice(let body)) = try? Mutation.decode(envelope.body) else { return nil }  // As above.
    return body.publicKey.fingerprint == envelope.device ? body.publicKey : nil
  }

  private mutating func decide(_ entry: ProvedEntry, _ envelope: Envelope, _ record: LeafRecord) {
    guard !isStuck else { return }
    guard record.rulesVersion <= Rules.version else {
      isStuck = true
      return findings.problem(
        "From ledger entry \(entry.index) on newer rules have decided; update this program and audit again.")
    }
    let again = LedgerReplayer.Entry(
      index: entry.index, leafRecord: entry.leafRecord, envelope: entry.envelope, parts: entry.parts)
    // A store in memory fails only on what contradicts it, which continues nothing.
    switch (try? replayer.decide(again, record: record)) ?? .stuck {
    case .follows: break
    case .differs:
      findings.problem("The outcome of ledger entry \(entry.index) does not follow from the rules and what came before it.")
    case .stuck:
      isStuck = true
      findings.problem("Ledger entry \(entry.index) does not continue what came before it.")
    }
  }
}
