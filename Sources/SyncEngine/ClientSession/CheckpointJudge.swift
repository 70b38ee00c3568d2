// Whether a checkpoint that a server shows continues the log that this device has seen.
import ReviewModel
import SyncProtocol
import Trust

/// Verifies signed notes of one tenant's log.
package struct CheckpointJudge: Sendable {
  package var tenant: TenantID
  package var serverKey: PublicKey

  package init(tenant: TenantID, serverKey: PublicKey) {
    self.tenant = tenant
    self.serverKey = serverKey
  }

  /// The name that the server signs under: its origin without tenant and epoch. Nil for an origin of another tenant.
  package func serverName(ofOrigin origin: String) -> String? {
    let words = origin.split(separator: "/", omittingEmptySubsequences: false)
    guard words.count >= 3, words[words.count - 2] == tenant.hex, EpochID(hex: words[words.count - 1]) != nil else {
      return nil
    }
    return words.dropLast(2).joined(separator: "/")
  }

  /// The checkpoint in a note that the server's key signed for this origin; nil if it is none.
  package func open(_ note: String, origin: String) -> SeenCheckpoint? {
    guard let name = serverName(ofOrigin: origin) else { return nil }
    do {
      let checkpoint = try Checkpoint.open(note, name: name, key: serverKey)
      guard checkpoint.origin == origin else { return nil }
      return SeenCheckpoint(origin: origin, size: checkpoint.size, root: checkpoint.root)
    } catch {
      return nil
    }
  }

  /// Why a note must not be accepted after what was seen, or the checkpoint in it.
  ///
  /// - Parameter consistency: from the seen size to the note's.
  package func judge(
    note: String, origin: String, after seen: SeenCheckpoint, consistency: [Digest]
  ) -> Result<SeenCheckpoint, Rejection> {
    if seen.size > 0, seen.origin != origin { return .failure(Rejection(stop: .epochChanged)) }
    guard let new = open(note, origin: origin) else { return .failure(Rejection(stop: .notTheServer)) }
    guard seen.size > 0 else { return .success(new) }
    guard new.size >= seen.size else { return .failure(Rejection(stop: .rolledBack)) }
    let isContinuation = MerkleProof.verifyConsistency(
      first: seen.size, firstRoot: seen.root, second: new.size, secondRoot: new.root, proof: consistency)
    return isContinuation ? .success(new) : .failure(Rejection(stop: .inconsistentLog))
  }

  /// Why a checkpoint was not accepted.
  package struct Rejection: Error, Hashable {
    package var stop: SessionStop
  }
}
