// What an audit gathers: counts of what holds, and a sentence for each thing that does not.

struct AuditFindings {
  static let problemsLimit = 200

  var signaturesChecked = 0
  var serverVouched = 0
  var entriesChecked = 0
  var checkpointsChecked = 0
  var outcomesProved = 0
  /// Decisions and revisions whose evidence has not been fetched yet.
  var awaitingProof = 0
  /// Entries that were checked without words of theirs, which were erased.
  var erased = 0
  private(set) var problems: [String] = []
  private var problemCount = 0

  mutating func problem(_ sentence: String) {
    problemCount += 1
    if problems.count < Self.problemsLimit { problems.append(sentence) }
  }

  /// Notes a signature that was checked, and a problem if it does not hold.
  mutating func signature(_ isValid: Bool, else sentence: @autoclosure () -> String) {
    signaturesChecked += 1
    if !isValid { problem(sentence()) }
  }

  func report(size: UInt64, root: String) -> AuditReport {
    var sentences = problems
    if problemCount > problems.count { sentences.append("And \(problemCount - problems.count) more.") }
    return AuditReport(
      ok: problemCount == 0 && awaitingProof == 0, size: size, root: root, signaturesChecked: signaturesChecked,
      serverVouched: serverVouched,
      entriesChecked: entriesChecked, checkpointsChecked: checkpointsChecked, outcomesProved: outcomesProved,
      awaitingProof: awaitingProof, erased: erased, problems: sentences)
  }
}
