// Checks what one device holds: checkpoints, ledger entries, the devices' bindings, decisions and revisions, and the
// answers to its own mutations. Everything from the stores is treated as if a stranger had written it.
import ReviewModel
import Storage
import SyncEngine
import SyncProtocol
import Trust

struct LocalAudit {
  let tenant: TenantID
  let serverKey: PublicKey
  /// The own device's key, known without the cache.
  let ownKey: PublicKey

  var findings = AuditFindings()
  /// Verified checkpoints by size.
  var roots: [UInt64: SeenCheckpoint] = [:]
  var newest = SeenCheckpoint()
  var devices: [Digest: DeviceEntity] = [:]
  var invitations: [PublicKey: InvitationEntity] = [:]
  var members: [MemberID: MemberEntity] = [:]
  var tenantEntity: TenantEntity?
  var subjects: [SubjectEntity] = []
  var decisions: [DecisionID: DecisionEntity] = [:]
  var revisions: [RevisionEntity] = []
  /// Entries whose record, envelope, signature and proof hold.
  var entries: [UInt64: CheckedEntry] = [:]
  /// The indexes of all entries, also of those that do not hold.
  var heldEntries: Set<UInt64> = []

  /// A ledger entry that was checked, opened.
  struct CheckedEntry {
    var envelope: Envelope
    var record: LeafRecord
    var leafRecord: [UInt8]
    var mutation: Mutation?
    var isByServer: Bool
  }

  init(tenant: TenantID, serverKey: PublicKey, ownKey: PublicKey) {
    self.tenant = tenant
    self.serverKey = serverKey
    self.ownKey = ownKey
  }

  // MARK: Checkpoints

  /// Every note is signed by the server's key, and no two contradict each other.
  mutating func check(_ notes: [SeenNote]) {
    let judge = CheckpointJudge(tenant: tenant, serverKey: serverKey)
    for note in notes {
      findings.checkpointsChecked += 1
      findings.signaturesChecked += 1
      guard let opened = judge.open(note.note, origin: note.checkpoint.origin), opened == note.checkpoint else {
        findings.problem("The checkpoint of size \(note.checkpoint.size) is not what the server's key signed.")
        continue
      }
      if let other = roots[opened.size], other.origin == opened.origin, other.root != opened.root {
        findings.problem(
          "Two signed checkpoints of size \(opened.size) name different roots: the server has shown two histories.")
      }
      if opened.origin == newest.origin, opened.size < newest.size {
        findings.problem(
          "The checkpoint of size \(opened.size) came after one of size \(newest.size): the log was rolled back.")
      }
      roots[opened.size] = opened
      newest = opened
    }
  }

  // MARK: The base

  /// Takes what the server has given, without what is pending.
  mutating func take(_ key: EntityKey, payload: [UInt8]) {
    let value: EntityValue
    do {
      value = try EntityValue(kind: key.kind, payload: payload)
    } catch {
      return findings.problem("The entity \(key) cannot be read.")
    }
    guard value.key == key else { return findings.problem("The entity \(key) says that it is \(value.key).") }
    switch value {
    case .tenant(let value): tenantEntity = value
    case .member(let value): members[value.id] = value
    case .device(let value): devices[value.id] = value
    case .invitation(let value): invitations[value.key] = value
    case .subject(let value): subjects.append(value)
    case .decision(let value): decisions[value.id] = value
    case .revision(let value): revisions.append(value)
    default: break
    }
  }

  // MARK: Ledger entries

  /// The key that belongs to a device's id; nil if this device does not hold it.
  func key(of device: Digest) -> PublicKey? {
    if device == serverKey.fingerprint { return serverKey }
    if device == ownKey.fingerprint { return ownKey }
    guard let held = devices[device], held.publicKey.fingerprint == device else { return nil }
    return held.publicKey
  }

  mutating func check(_ row: EvidenceRow) {
    findings.entriesChecked += 1
    heldEntries.insert(row.index)
    let name = "Ledger entry \(row.index)"
    let record: LeafRecord
    let envelope: Envelope
    do {
      record = try LeafRecord(canonical: row.leafRecord)
      envelope = try row.envelope.envelope()
    } catch {
      return findings.problem("\(name) cannot be read.")
    }
    guard record.envelopeHash == row.envelope.hash else {
      return findings.problem("\(name) does not belong to the envelope that is held with it.")
    }
    guard envelope.tenant == tenant else { return findings.problem("\(name) was signed for another tenant.") }
    guard let checkpoint = roots[row.size],
      MerkleProof.verifyInclusion(
        leaf: MerkleHash.leaf(row.leafRecord), index: row.index, size: row.size, proof: row.inclusion, root: checkpoint.root)
    else { return findings.problem("\(name) has no proof that leads to a checkpoint this device holds.") }
    guard let key = key(of: envelope.device) else {
      return findings.problem("\(name) was signed by the device \(envelope.device.hex.prefix(8)), which is not known here.")
    }
    let isSigned = row.envelope.isSigned(by: key)
    findings.signature(isSigned, else: "\(name) does not carry a valid signature of its device.")
    guard isSigned else { return }
    var mutation: Mutation?
    do {
      if case .known(let known) = try Mutation.decode(envelope.body) { mutation = known }
    } catch {
      // A refused envelope may hold anything; what is applied is checked where it is used.
      mutation = nil
    }
    entries[row.index] = CheckedEntry(
      envelope: envelope, record: record, leafRecord: row.leafRecord, mutation: mutation,
      isByServer: envelope.device == serverKey.fingerprint)
  }
}
