// The unit of visibility: a device receives the scopes that its member may read.

/// A named part of a tenant's entities. An entity is in exactly one scope at a time.
package enum Scope: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Members, devices, policies: every member reads it.
  case tenant
  /// What a campaign's members see, clients included.
  case campaign(CampaignID)
  /// Drafts and internal comments of a campaign: editors and admins.
  case campaignInternal(CampaignID)
  /// What concerns one member alone.
  case member(MemberID)
  /// Parts of batches that are not imported yet: on the server only, never granted to a device.
  case staging(MemberID)

  /// The name that travels and is stored: `tenant`, `campaign/<id>`, `campaign/<id>/internal`, `member/<id>`, `staging/<id>`.
  package var name: String {
    switch self {
    case .tenant: "tenant"
    case .campaign(let id): "campaign/\(id)"
    case .campaignInternal(let id): "campaign/\(id)/internal"
    case .member(let id): "member/\(id)"
    case .staging(let id): "staging/\(id)"
    }
  }

  package init?(name: some StringProtocol) {
    let words = name.split(separator: "/", omittingEmptySubsequences: false)
    switch (words.first, words.count) {
    case ("tenant", 1): self = .tenant
    case ("campaign", 2):
      guard let id = CampaignID(hex: words[1]) else { return nil }
      self = .campaign(id)
    case ("campaign", 3):
      guard let id = CampaignID(hex: words[1]), words[2] == "internal" else { return nil }
      self = .campaignInternal(id)
    case ("member", 2):
      guard let id = MemberID(hex: words[1]) else { return nil }
      self = .member(id)
    case ("staging", 2):
      guard let id = MemberID(hex: words[1]) else { return nil }
      self = .staging(id)
    default: return nil
    }
    guard self.name == name else { return nil }
  }

  /// Whether devices may ever be granted it.
  package var isGrantable: Bool {
    if case .staging = self { false } else { true }
  }

  package var isOfCampaign: Bool {
    switch self {
    case .campaign, .campaignInternal: true
    case .tenant, .member, .staging: false
    }
  }

  package var description: String { name }

  package static func < (left: Scope, right: Scope) -> Bool { left.name < right.name }
}
