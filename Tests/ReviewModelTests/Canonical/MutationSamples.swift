// One mutation of every kind, in the order of their field numbers.
import ReviewModel
import Trust

enum MutationSamples {
  static let all: [Mutation] = people + content + review

  private static let people: [Mutation] = [
    .createTenant(CanonicalSample.createTenant), .nameRoot(CanonicalSample.nameRoot),
    .inviteMember(CanonicalSample.inviteMember), .enrolDevice(CanonicalSample.enrolDevice),
    .vouchDevice(VouchDevice()), .setRoles(SetRoles()), .revokeDevice(RevokeDevice()),
    .setPolicy(CanonicalSample.with(SetPolicy.self) { $0.policy = CanonicalSample.policy }),
  ]

  private static let content: [Mutation] = [
    .createCampaign(CanonicalSample.createCampaign), .setCampaignMembers(SetCampaignMembers()), .createItem(CreateItem()),
    .createDocument(CanonicalSample.createDocument), .stageBatch(StageBatch()), .importBatch(CanonicalSample.importBatch),
    .revise(Revise()), .merge(Merge()), .withdraw(Withdraw()), .erase(Erase()),
  ]

  private static let review: [Mutation] = [
    .submit(Submit()), .decide(CanonicalSample.decide), .withdrawDecision(WithdrawDecision()),
    .comment(CanonicalSample.addComment), .editComment(EditComment()), .resolveThread(ResolveThread()),
    .assignReviewer(AssignReviewer()), .delegate(Delegate()), .pause(CanonicalSample.pause), .resume(Resume()),
  ]
}
