// The tenant itself: its first entry, its root, its policy.
import ReviewModel
import Trust

extension Rules {
  /// Entry 1 of every ledger; by the server's key, and only if there is nothing yet.
  static func createTenant(_ body: CreateTenant, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    let context = attempt.context
    guard context.actor.isServer, context.actor.device == body.serverKey.fingerprint else { throw .refused(.notPermitted) }
    guard body.tenant == context.tenant else { throw .refused(.malformed) }
    try attempt.requireFree([.tenant(body.tenant)])
    try requireValid(body.policy)
    var tenant = TenantEntity()
    tenant.id = body.tenant
    tenant.name = try attempt.parts.name(body.name).text
    tenant.serverKey = body.serverKey
    tenant.policy = body.policy
    attempt.write(.tenant(tenant), in: .tenant)
    return .applied()
  }

  /// Once, by an admin's device that names itself, with the server's word on the same statement.
  static func nameRoot(_ body: NameRoot, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    try attempt.requireRole(.admin)
    var tenant = try attempt.tenant()
    guard tenant.root == nil else { throw .refused(.alreadyNamed) }
    guard body.root.tenant == tenant.id, body.root.rootKey.fingerprint == attempt.context.actor.device,
      tenant.serverKey.isValid(body.serverSignature, over: body.root.encoded(), as: .rootNaming)
    else { throw .refused(.notPermitted) }
    tenant.root = body.root
    attempt.write(.tenant(tenant), in: .tenant)
    return .applied()
  }

  /// Counts for what is submitted from now on; what waits keeps the policy that bound it.
  static func setPolicy(_ body: SetPolicy, _ attempt: inout Attempt) throws(Halt) -> Outcome {
    if let id = body.campaign {
      var campaign = try attempt.visibleCampaign(id)
      try attempt.requireRole(.admin)
      try requireValid(body.policy)
      guard campaign.policy != body.policy else { throw .refused(.nothingChanged) }
      campaign.policy = body.policy
      attempt.write(.campaign(campaign), in: .campaign(id))
    } else {
      try attempt.requireRole(.admin)
      try requireValid(body.policy)
      var tenant = try attempt.tenant()
      guard tenant.policy != body.policy else { throw .refused(.nothingChanged) }
      tenant.policy = body.policy
      attempt.write(.tenant(tenant), in: .tenant)
    }
    return .applied()
  }
}
