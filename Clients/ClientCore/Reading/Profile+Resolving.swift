// From what a person types to what it means: short ids, revisions, names of campaigns and members.
import ReviewModel
import Storage
import Trust

extension Profile {
  static let subjectDigits = 4
  static let revisionDigits = 8
  private static let candidatesShown = 10

  /// What a short reference means: at least 4 digits of a subject's id, perhaps `@` and at least 8 digits of a revision.
  ///
  /// - Throws: `ambiguous` with the candidates in `details`, `notFound`, or `badInput` for what is no reference.
  public func resolve(_ reference: String) throws(ClientError) -> SubjectReference {
    let parts = reference.lowercased().split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let first = parts.first else {
      throw ClientError(.badInput, "\"\(reference)\" is no reference to a post.", remedy: "Write ID or ID@DIGEST.")
    }
    let id = try subjectID(first)
    let cache = try currentView()
    guard let subject = try storing({ try EntityReader(cache: cache).subject(id) }) else { throw Self.notHere(reference) }
    let current = subject.heads.first?.hex ?? ""
    guard parts.count == 2 else { return SubjectReference(post: id.hex, revision: nil, current: current) }
    return SubjectReference(post: id.hex, revision: try revision(parts[1], of: id).hex, current: current)
  }

  /// The beginning of a subject's id that is printed to be typed again: at least so many digits, and more where another
  /// subject on this device begins alike.
  public func shortID(_ post: String, digits: Int) -> String {
    for count in stride(from: digits, to: post.utf8.count, by: 4) {
      let prefix = String(post.prefix(count))
      // Without a readable cache nothing is printed that could be mistaken.
      let alike = (try? openedCache().subjects(idPrefix: prefix, limit: 2).count) ?? 2
      if alike <= 1 { return prefix }
    }
    return post
  }

  /// A subject by the beginning of its id.
  func subjectID(_ prefix: String) throws(ClientError) -> SubjectID {
    let digits = prefix.lowercased()
    try Self.requireDigits(digits, atLeast: Self.subjectDigits, of: "a post's id")
    let cache = try currentView()
    let found = try storing { try cache.subjects(idPrefix: digits, limit: Self.candidatesShown) }
    guard let only = found.first else { throw Self.notHere(prefix) }
    guard found.count == 1 else { throw Self.ambiguous(prefix, found.map(\.hex)) }
    return only
  }

  /// A revision of a subject by the beginning of its digest. A whole digest that is not held is taken as it is: it may be
  /// one that has been seen elsewhere.
  func revision(_ prefix: String, of subject: SubjectID) throws(ClientError) -> Digest {
    let digits = prefix.lowercased()
    try Self.requireDigits(digits, atLeast: Self.revisionDigits, of: "a revision's digest")
    if let whole = Digest(hex: digits) { return whole }
    let cache = try currentView()
    let found = try storing { () throws -> [Digest] in
      let reader = EntityReader(cache: cache)
      return try cache.revisions(digestPrefix: digits, limit: 1_000).filter { try reader.revision($0)?.subject == subject }
    }
    guard let only = found.first else {
      throw ClientError(.notFound, "This post has no revision that begins with \(prefix).", remedy: "Look at it with show.")
    }
    guard found.count == 1 else { throw Self.ambiguous(prefix, found.map(\.hex)) }
    return only
  }

  /// A campaign by its name, or by the beginning of its id.
  func campaign(named text: String) throws(ClientError) -> CampaignEntity {
    let cache = try currentView()
    let all = try storing { try EntityReader(cache: cache).campaigns() }
    return try Self.only(
      text, "campaign", listedBy: "campaigns", of: all.map { Named(value: $0, name: $0.shownName, id: $0.id.hex) })
  }

  /// A member by name, or by the beginning of the id.
  func member(named text: String, orRemoved: Bool = false) throws(ClientError) -> MemberEntity {
    let cache = try currentView()
    let all = try storing { try EntityReader(cache: cache).members().filter { orRemoved || !$0.isRemoved } }
    return try Self.only(
      text, "member", listedBy: "members", of: all.map { Named(value: $0, name: $0.shownName, id: $0.id.hex) })
  }

  /// A device by its name, or by the beginning of its id; revoked ones too.
  func device(named text: String) throws(ClientError) -> DeviceEntity {
    let cache = try currentView()
    let all = try storing { () throws -> [Named<DeviceEntity>] in
      let reader = EntityReader(cache: cache)
      let devices = try reader.devices()
      let members = try reader.names(devices.map(\.member))
      return devices.map { device in
        let owner = "\(members[device.member] ?? "")\(device.isRevoked ? ", revoked" : "")"
        return Named(value: device, name: device.shownName, id: device.id.hex, note: " (\(owner))")
      }
    }
    return try Self.only(text, "device", listedBy: "device list", of: all)
  }

  private struct Named<Value> {
    let value: Value
    let name: String
    let id: String
    /// What else tells it from others.
    var note = ""

    /// With as many digits as are good to type.
    var candidate: String { "\(id.prefix(Profile.candidateDigits)) \(name)\(note)" }
  }

  private static let candidateDigits = 8

  /// - Parameter command: what shows all of them.
  private static func only<Value>(
    _ text: String, _ noun: String, listedBy command: String, of all: [Named<Value>]
  ) throws(ClientError) -> Value {
    let exact = all.filter { $0.name == text }
    let named = exact.isEmpty ? all.filter { $0.name.lowercased() == text.lowercased() } : exact
    let matches =
      named.isEmpty && text.count >= subjectDigits ? all.filter { $0.id.hasPrefix(text.lowercased()) } : named
    let remedy = "\"countersign \(command)\" lists all \(noun)s."
    guard let only = matches.first else {
      throw ClientError(
        .notFound, "There is no \(noun) \"\(text)\".", remedy: remedy,
        details: all.prefix(candidatesShown).map(\.candidate))
    }
    guard matches.count == 1 else {
      throw ClientError(
        .ambiguous, "More than one \(noun) is named \"\(text)\", or has an id that begins so.",
        remedy: "Give the beginning of the id instead.", details: matches.map { "\($0.id) \($0.name)\($0.note)" })
    }
    return only.value
  }

  private static func requireDigits(_ text: String, atLeast count: Int, of what: String) throws(ClientError) {
    guard text.utf8.count >= count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
      throw ClientError(
        .badInput, "\"\(text)\" is not the beginning of \(what).", remedy: "Give at least \(count) hexadecimal digits.")
    }
  }

  static func notHere(_ reference: String) -> ClientError {
    ClientError(.notFound, "There is no post \(reference) on this device.", remedy: "Sync, then look at the list.")
  }

  private static func ambiguous(_ text: String, _ candidates: [String]) -> ClientError {
    ClientError(.ambiguous, "More than one begins with \(text).", remedy: "Give more digits.", details: candidates)
  }
}
