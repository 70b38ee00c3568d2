// From posts and revisions as they were named to the targets of mutations: found, split by campaign and by count.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

extension Profile {
  typealias FoundTarget = (subject: SubjectEntity, revision: Digest)

  /// The targets that are held, and a result for each that is not.
  func resolved(_ targets: [(post: String, revision: String)]) throws(ClientError) -> (
    targets: [FoundTarget], missing: [ChangeResult]
  ) {
    var found: [FoundTarget] = []
    var missing: [ChangeResult] = []
    for target in targets {
      do {
        let subject = try heldSubject(target.post)
        found.append((subject, try revision(target.revision, of: subject.id)))
      } catch {
        guard error.code == .notFound else { throw error }
        var result = ChangeResult(
          post: target.post, revision: target.revision, status: "rejected", code: RefusalCode.notFound.name,
          reason: error.sentence, exit: OutcomeReading.notFoundExit)
        result.remedy = error.remedy
        missing.append(result)
      }
    }
    return (found, missing)
  }

  /// A subject of the view by the beginning of its id.
  func heldSubject(_ post: String) throws(ClientError) -> SubjectEntity {
    let id = try subjectID(post)
    let cache = try openedCache()
    guard let subject = try storing({ try EntityReader(cache: cache).subject(id) }) else { throw Self.notHere(post) }
    return subject
  }

  /// Groups of one campaign each, at most as many as one mutation may name, each subject once in a group.
  static func groups(_ targets: [FoundTarget]) -> [[FoundTarget]] {
    var groups: [[FoundTarget]] = []
    var open: [CampaignID: Int] = [:]
    for target in targets {
      let campaign = target.subject.campaign
      if let index = open[campaign], groups[index].count < RuleLimits.targets,
        !groups[index].contains(where: { $0.subject.id == target.subject.id })
      {
        groups[index].append(target)
      } else {
        open[campaign] = groups.count
        groups.append([target])
      }
    }
    return groups
  }

  func change(_ drafts: [ChangeDraft], missing: [ChangeResult]) throws(ClientError) -> ChangeReport {
    guard !drafts.isEmpty else { return ChangeReport(mutations: [], results: missing) }
    var report = try change(drafts)
    report.results += missing
    return report
  }

  static func id<Kind>(_ text: String, _ what: String) throws(ClientError) -> Identifier<Kind> {
    guard let id = Identifier<Kind>(hex: text.lowercased()) else {
      throw ClientError(.badInput, "\"\(text)\" is no \(what).", remedy: "Copy its whole id, as show prints it.")
    }
    return id
  }
}
