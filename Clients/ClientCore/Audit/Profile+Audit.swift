// Checking what this device holds against signatures, proofs and checkpoints.

extension Profile {
  /// Checks all evidence that this device holds, offline.
  ///
  /// - Parameter expectedRoot: the tenant's root fingerprint as the person knows it, 64 hexadecimal digits.
  public func audit(expectedRoot: String? = nil) throws(ClientError) -> AuditReport { throw .pending }

  /// Fetches the whole ledger, checks every signature and proof, and replays the rules. For admins.
  public func auditFull(
    expectedRoot: String? = nil, progress: (@Sendable (SyncProgress) -> Void)? = nil
  ) async throws(ClientError) -> AuditReport { throw .pending }
}
