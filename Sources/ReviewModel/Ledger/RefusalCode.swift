// Why a mutation was not applied. One list for the whole protocol; a code never changes its meaning.

package enum RefusalCode: UInt32, CanonicalEnumeration, CaseIterable {
  // About the mutation itself.
  case malformed = 1
  case unsupported = 2
  case idTaken = 3
  case idReused = 4
  case partMissing = 5
  case partMismatch = 6
  case tooManyTargets = 7
  case mixedCampaigns = 8
  case tooLarge = 9
  case serverFault = 10

  // About who asks.
  case notPermitted = 20
  case notAMember = 21
  case deviceRevoked = 22
  case selfApproval = 23
  case roleLost = 24
  case serverVouchedRefused = 25

  // About what it is done to.
  case notFound = 40
  case staleRevision = 41
  case notSubmitted = 42
  case alreadySubmitted = 43
  case withdrawn = 44
  case conflicted = 45
  case notConflicted = 46
  case headsMoved = 47
  case unknownBase = 48
  case nothingChanged = 49
  case reasonRequired = 50
  case decisionNotStanding = 51
  case notOwnDecision = 52
  case notOwnComment = 53
  case alreadyResolved = 54
  case policyInvalid = 55
  case nameRequired = 56
  case stageMissing = 57
  case stageMismatch = 58
  case batchTooLarge = 59
  case alreadyNamed = 60
  case invitationInvalid = 61
  case invitationUsed = 62
  case alreadyEnrolled = 63
  case pauseNotFound = 64
  case blocked = 65
  case emptyContent = 66
  case cannotDecide = 67
  case stillCurrent = 68
  case erased = 69

  /// The name that travels in JSON and is shown: `stale_revision`.
  package var name: String {
    String(
      "\(self)".flatMap { character -> [Character] in
        character.isUppercase ? ["_"] + Array(character.lowercased()) : [character]
      })
  }

  package init?(name: String) {
    guard let code = RefusalCode.allCases.first(where: { $0.name == name }) else { return nil }
    self = code
  }
}
