// What people do on a device: random commands that fit what it shows at the moment, now and then ones that do not.
import ReviewModel
import ReviewRules
import Storage
import SyncEngine
import Trust

struct Workload {
  /// Few words, so that changes meet.
  static let words = [
    "drink", "water", "tea", "flu", "shot", "spring", "sleep", "walk", "rest", "pain", "dose", "child", "heart", "sugar",
    "salt",
    "fruit", "daily", "never", "often", "ask", "your", "doctor",
  ]
  static let platforms = ["instagram", "mastodon", "linkedin"]

  let device: SimulatedDevice
  let random: SeededRandom

  init(_ device: SimulatedDevice) {
    self.device = device
    random = device.random
  }

  /// One command; often it turns out that nothing can be done.
  func act() throws {
    let isBlind = random.chance(permille: 30)
    switch random.below(100) {
    case ..<14: try run("create item", createItem(), isBlind)
    case ..<17: try run("create document", createDocument(), isBlind)
    case ..<20: try run("import", importBatch(), isBlind)
    case ..<36: try run("revise", revise(), isBlind)
    case ..<44: try run("submit", submit(), isBlind)
    case ..<64: try run("decide", decide(), isBlind)
    case ..<68: try run("withdraw decision", withdrawDecision(), isBlind)
    case ..<80: try run("comment", comment(), isBlind)
    case ..<83: try run("edit comment", editComment(), isBlind)
    case ..<86: try run("resolve", resolveThread(), isBlind)
    case ..<89: try run("merge", merge(), isBlind)
    case ..<91: try run("withdraw", withdraw(), isBlind)
    case ..<92: try run("assign", assign(), isBlind)
    case ..<93: try run("delegate", delegate(), isBlind)
    case ..<95: try undo()
    case ..<96: try run("pause or resume", pauseOrResume(), isBlind)
    default: try run("administrate", administrate(), isBlind)
    }
  }

  private func run(_ name: String, _ drafts: [Draft], _ isBlind: Bool) throws {
    _ = try device.command(name, drafts, isBlind: isBlind)
  }

  /// Takes back what was done last. A person looks at a list that may be old by now: what was offered since stays.
  private func undo() throws {
    let rows = try device.outbox.unanswered().suffix(1 + random.below(3))
    if !rows.isEmpty { try device.undo(Array(rows)) }
  }

  // MARK: What the device shows

  /// In the order of their keys, so that the same seed picks the same.
  func shown(_ kind: EntityKind) throws -> [EntityValue] {
    try device.cache.all(kind).sorted { $0.key < $1.key }.compactMap { Replay.entity($0.key, $0.value)?.value }
  }

  func subjects(_ isIncluded: (SubjectEntity) -> Bool = { _ in true }) throws -> [SubjectEntity] {
    try shown(.subject).compactMap { if case .subject(let value) = $0, isIncluded(value) { value } else { nil } }
  }

  func campaigns() throws -> [CampaignEntity] {
    try shown(.campaign).compactMap { if case .campaign(let value) = $0 { value } else { nil } }
  }

  func members() throws -> [MemberEntity] {
    try shown(.member).compactMap { if case .member(let value) = $0 { value } else { nil } }
  }

  func content(_ digest: Digest?) throws -> RevisionContent? {
    guard let digest, let stored = try device.cache.view([.revision(digest)])[.revision(digest)],
      case .revision(let revision) = Replay.entity(.revision(digest), stored)?.value, let part = Part(revision.part)
    else { return nil }
    return try RevisionContent(tolerating: part.content)
  }

  // MARK: Making things up

  func sentence(_ count: Int) -> String { (0..<count).map { _ in random.pick(Self.words) ?? "" }.joined(separator: " ") }

  func text(_ kind: PartKind, words: Int = 5) -> Part {
    .text(sentence(words), kind: kind, salt: random.bytes(Part.saltByteCount))
  }

  /// Replaces a word, adds one, or takes one away.
  func edited(_ text: String) -> String {
    var words = text.split(separator: " ").map(String.init)
    let word = random.pick(Self.words) ?? ""
    switch random.below(3) {
    case 0 where !words.isEmpty: words[random.below(words.count)] = word
    case 1 where words.count > 2: words.remove(at: random.below(words.count))
    default: words.insert(word, at: random.below(words.count + 1))
    }
    return words.joined(separator: " ")
  }
}
