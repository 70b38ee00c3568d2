// What a refusal says to a person, and what would make it succeed. Plain words: the reader is a doctor between patients.
import ReviewModel

extension RefusalCode {
  /// What happened, in one sentence.
  package var sentence: String { wording.sentence }

  /// What to do now, in one sentence.
  package var remedy: String { wording.remedy }

  private var wording: (sentence: String, remedy: String) {
    switch rawValue {
    case ..<20: aboutTheMutation
    case ..<40: aboutWhoAsks
    case ..<54: aboutTheSubject
    default: aboutTheRest
    }
  }

  private var aboutTheMutation: (sentence: String, remedy: String) {
    switch self {
    case .malformed: ("The change was not put together correctly.", "Update this program and make the change again.")
    case .unsupported:
      ("The server does not know this kind of change yet.", "It is kept here and offered again once the server is updated.")
    case .idTaken: ("Something with this id exists already.", "Make the change again; it gets a new id.")
    case .idReused: ("Another change was already sent under this id.", "Make the change again; it gets a new id.")
    case .partMissing:
      ("A text that belongs to the change did not arrive with it.", "Make the change again with its text.")
    case .partMismatch:
      ("A text that belongs to the change does not fit what was signed.", "Fetch the newest state and try again.")
    case .tooManyTargets: ("The change names more than one change may name.", "Split it into smaller ones.")
    case .mixedCampaigns:
      ("The change names things of several campaigns.", "Make one change for each campaign.")
    case .tooLarge:
      (
        "A text or a list is longer than allowed, or would be after this.",
        "Shorten it and make the change again; a post with too many decisions is revised first."
      )
    default: ("The server failed on this change and set it aside.", "An admin must look at it; nothing was lost.")
    }
  }

  private var aboutWhoAsks: (sentence: String, remedy: String) {
    switch self {
    case .notPermitted: ("Your role does not allow this.", "Ask an admin for the role, or to do it for you.")
    case .notAMember: ("This device does not belong to a member of this tenant.", "Ask an admin for an invitation.")
    case .deviceRevoked:
      ("This device was revoked, so an admin must look at the change.", "Tell an admin, or go on with another device.")
    case .selfApproval:
      ("You wrote some of this, and nobody may clear their own work.", "Ask somebody who did not write it.")
    case .roleLost:
      ("You no longer hold the role that this needs, so an admin must look at it.", "Tell an admin; your words are kept.")
    default:
      ("Only the server vouches for this device, and the policy does not accept that.", "Ask an admin to vouch for the device.")
    }
  }

  private var aboutTheSubject: (sentence: String, remedy: String) {
    switch self {
    case .notFound: ("There is no such thing that you can see.", "Fetch the newest state and look again.")
    case .staleRevision:
      ("The text has changed since you read it, so this does not count for the new one.", "Read what changed and decide again.")
    case .notSubmitted: ("This is still a draft.", "Wait until an editor submits it.")
    case .alreadySubmitted: ("This revision is submitted already.", "Nothing needs to be done.")
    case .withdrawn: ("This was withdrawn.", "Comment on it if something is left to say.")
    case .conflicted:
      ("Two versions of this stand side by side.", "An editor must merge them first.")
    case .notConflicted: ("There is only one version, so there is nothing to merge.", "Revise it instead.")
    case .headsMoved: ("The versions to be merged have changed meanwhile.", "Fetch the newest versions and merge those.")
    case .unknownBase:
      ("This was made from a revision that the current text does not come from.", "Make it on the current revision.")
    case .nothingChanged: ("This is as it was already.", "Nothing needs to be done.")
    case .reasonRequired: ("This needs a reason.", "Say why, and send it again.")
    case .decisionNotStanding: ("This decision no longer counts.", "Nothing needs to be done.")
    case .notOwnDecision: ("This decision is somebody else's.", "Ask the person who made it.")
    default: ("This comment is somebody else's.", "Write a comment of your own.")
    }
  }

  private var aboutTheRest: (sentence: String, remedy: String) {
    switch self {
    case .alreadyResolved: ("This thread is resolved already.", "Nothing needs to be done.")
    case .policyInvalid:
      ("This approval policy cannot be met.", "Ask for 1 to 20 approvals, and only for roles that can decide, each once.")
    case .nameRequired: ("A name is missing.", "Give it a name and send it again.")
    case .stageMissing: ("A part of the batch has not arrived, or is no longer kept.", "Import the whole batch again.")
    case .stageMismatch: ("The parts of the batch are not those that were signed for.", "Import the whole batch again.")
    case .batchTooLarge: ("The batch is larger than one import may be.", "Split it: one import brings at most 10,000 posts.")
    case .alreadyNamed: ("The root of this tenant is named already.", "Compare its fingerprint with an admin.")
    case .invitationInvalid: ("The invitation is not valid.", "Ask an admin for a new one.")
    case .invitationUsed: ("The invitation was used already.", "Ask an admin for a new one for this device.")
    case .alreadyEnrolled: ("This device is enrolled already.", "Nothing needs to be done.")
    case .pauseNotFound: ("There is no such pause in force.", "List the pauses in force and name those.")
    case .cannotDecide:
      ("That member could not decide this: no reviewer, or one of its authors.", "Ask a reviewer who did not write it.")
    case .stillCurrent: ("This version is still current.", "Withdraw the post first, or erase an older version.")
    case .erased: ("The words of this comment were erased.", "Write a new comment.")
    case .blocked: ("A compliance finding blocks this text.", "Revise the text, or ask an admin to look at the finding.")
    default: ("There is nothing in it.", "Write a text or add media, and send it again.")
    }
  }
}
