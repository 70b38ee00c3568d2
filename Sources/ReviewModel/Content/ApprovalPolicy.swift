// What it takes for a revision to be approved, and what members may be.

/// What a member may do in a tenant. The numbers are part of the protocol.
package enum Role: UInt32, CanonicalEnumeration, CaseIterable, Comparable {
  case admin = 1
  case editor = 2
  case reviewer = 3
  case viewer = 4
  case service = 5

  package var name: String {
    switch self {
    case .admin: "admin"
    case .editor: "editor"
    case .reviewer: "reviewer"
    case .viewer: "viewer"
    case .service: "service"
    }
  }

  package init?(name: String) {
    guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
    self = role
  }

  package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// A reviewer's verdict on exact revisions, least restrictive first.
package enum Verdict: UInt32, CanonicalEnumeration, CaseIterable, Comparable {
  case approve = 1
  case hold = 2
  case requestChanges = 3
  case reject = 4

  package var name: String {
    switch self {
    case .approve: "approve"
    case .hold: "hold"
    case .requestChanges: "request_changes"
    case .reject: "reject"
    }
  }

  package static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }
}

/// How many approvals a revision needs, from whom, and what stops it. Bound to a subject when it is submitted.
package struct ApprovalPolicy: CanonicalMessage, Hashable {
  package static let approvalsLimit: UInt32 = 20

  /// At least 1.
  package var approvals: UInt32 = 1
  /// Each of these roles must be held by one of the approvers.
  package var requiredRoles: [Role] = []
  /// Whether a rejection only counts as an opinion; by default it keeps the revision out.
  package var rejectionIsAdvisory = false
  /// How long an approval lasts, 0 for ever.
  package var approvalLifetimeSeconds: UInt64 = 0
  /// The lock: standing approvals are refused while it is set.
  package var perPost = true

  package init() {}

  package init(approvals: UInt32, requiredRoles: [Role] = [], rejectionIsAdvisory: Bool = false) {
    self.approvals = approvals
    self.requiredRoles = requiredRoles
    self.rejectionIsAdvisory = rejectionIsAdvisory
  }

  package mutating func visit(_ coder: inout CanonicalCoder) throws(CanonicalError) {
    try coder.field(1, &approvals)
    try coder.field(2, &requiredRoles)
    try coder.field(3, &rejectionIsAdvisory)
    try coder.field(4, &approvalLifetimeSeconds)
    try coder.field(5, &perPost)
  }
}
