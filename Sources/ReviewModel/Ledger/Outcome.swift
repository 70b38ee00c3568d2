// What the server made of a mutation. Codes, ids and digests only: never words.
import Trust

/// What became of a mutation, or of one of its targets.
package enum OutcomeStatus: UInt32, CanonicalEnumeration, CaseIterable {
  case applied = 1
  case rejected = 2
  /// An admin must look.
  case parked = 3
  /// Stored for a batch; nothing was created.
  case staged = 4

  package var name: String {
    switch self {
    case .applied: "applied"
    case .rejected: "rejected"
    case .parked: "parked"
    case .staged: "staged"
    }
  }
}

/// The outcome of one of a mutation's targets.
package struct TargetOutcome: CanonicalMessage, Hashable {
  package var status: OutcomeStatus = .applied
  /// Why not; nil if applied.
  package var code: RefusalCode?
  /// What is current now, when that is why it was refused.
  package var current: Digest?
  /// The revision that came of it: the one given, or a merged one that the server computed.
  package var result: Digest?

  package init() {}

  package init(status: OutcomeStatus, code: RefusalCode? = nil, current: Digest? = nil, result: Digest? = nil) {
    self.status = status
    self.code = code
    self.current = current
    self.result = result
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &status)
    try coder.field(2, &code)
    try coder.field(3, &current)
    try coder.field(4, &result)
  }
}

/// The outcome of a mutation: decided once, stored in the transaction that applies it, never changed.
package struct Outcome: CanonicalMessage, Hashable {
  package var status: OutcomeStatus = .applied
  /// Why not; nil if anything was applied.
  package var code: RefusalCode?
  /// One for each target, in the mutation's order; one for mutations that have no list of targets.
  package var targets: [TargetOutcome] = []
  /// The ledger index of the same mutation under another number, whose outcome this repeats.
  package var duplicateOf: UInt64?
  /// The device's last checkpoint does not belong to this ledger's history.
  package var isCheckpointDisputed = false

  package init() {}

  package static func applied(result: Digest? = nil) -> Outcome {
    Outcome(targets: [TargetOutcome(status: .applied, result: result)])
  }

  package static func rejected(_ code: RefusalCode, current: Digest? = nil) -> Outcome {
    Outcome(targets: [TargetOutcome(status: .rejected, code: code, current: current)])
  }

  package static func parked(_ code: RefusalCode) -> Outcome {
    Outcome(targets: [TargetOutcome(status: .parked, code: code)])
  }

  /// The whole follows from the targets: applied if any was; otherwise as the first.
  package init(targets: [TargetOutcome]) {
    self.targets = targets
    let leading = targets.first { $0.status == .applied } ?? targets.first
    status = leading?.status ?? .applied
    code = leading?.code
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &status)
    try coder.field(2, &code)
    try coder.field(3, &targets)
    try coder.field(4, &duplicateOf)
    try coder.field(5, &isCheckpointDisputed)
  }
}
