// Reading what this device holds: local, at once, without a network.
import ReviewModel
import Storage
import SyncEngine
import Trust

extension Profile {
  /// Subjects as the query narrows them: what waits for this member first, then the newest first.
  public func list(_ query: SubjectQuery) throws(ClientError) -> [SubjectSummary] {
    let subjects = try subjects(query)
    var summaries: [SubjectSummary] = []
    summaries.reserveCapacity(subjects.count)
    subjects.forEach { summaries.append($0) }
    return summaries
  }

  /// The same, made one at a time.
  public func subjects(_ query: SubjectQuery) throws(ClientError) -> SubjectList {
    let cache = try currentView()
    var filter = SubjectFilter()
    if let campaign = query.campaign { filter.campaign = try self.campaign(named: campaign).id }
    filter.platform = query.platform
    filter.states = query.states
    filter.waitsForMe = query.waitsForMe
    return try storing {
      let rows = try cache.list(filter)
      return SubjectList(rows, limit: query.limit, wordless: try WordlessLines(rows, EntityReader(cache: cache)))
    }
  }

  /// Subjects in which every word occurs; words match by prefix.
  public func search(_ text: String, limit: Int) throws(ClientError) -> [SubjectSummary] {
    let cache = try currentView()
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return try storing {
      let rows = try cache.search(words, limit: limit)
      var lines = SubjectLines(wordless: try WordlessLines(rows, EntityReader(cache: cache)))
      return rows.map { lines.summary($0) }
    }
  }

  /// Every campaign that this member may read, by name.
  public func campaigns() throws(ClientError) -> [CampaignSummary] {
    let cache = try currentView()
    return try storing {
      let reader = EntityReader(cache: cache)
      let rows = try cache.list(SubjectFilter())
      return try reader.campaigns().sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { campaign in
        let own = rows.filter { $0.campaign == campaign.id }
        let names = try reader.names(campaign.members)
        return CampaignSummary(
          campaign: campaign.id.hex, name: campaign.shownName, brief: campaign.brief,
          includesEveryone: campaign.includesEveryone, members: campaign.members.compactMap { names[$0] },
          posts: own.count, waitingForMe: own.filter(\.waitsForMe).count)
      }
    }
  }

  /// Every member of the tenant, by name.
  public func members() throws(ClientError) -> [MemberSummary] {
    let cache = try currentView()
    return try storing {
      let reader = EntityReader(cache: cache)
      let unanswered = Set(try Self.unansweredRevocations(cache).map(\.id))
      return try reader.members().sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { member in
        let devices = try reader.children(.device, of: member.id.bytes).compactMap { value -> MemberSummary.Device? in
          guard case .device(let device) = value else { return nil }
          return MemberSummary.Device(
            device: device.id.hex, name: device.shownName, binding: Self.name(of: device.binding),
            isRevoked: device.isRevoked, isPending: unanswered.contains(device.id))
        }
        return MemberSummary(
          member: member.id.hex, name: member.shownName, roles: member.roles.sorted().map(\.name),
          isRemoved: member.isRemoved, devices: devices)
      }
    }
  }

  private static func name(of binding: DeviceBinding) -> String {
    switch binding {
    case .adminSigned: "admin_signed"
    case .serverVouched: "server_vouched"
    case .deviceVouched: "device_vouched"
    }
  }

  /// Writes `entities.jsonl` with everything that the server has given to this device, pending changes left out.
  /// Answers how many entities.
  public func export(toDirectory: String) throws(ClientError) -> Int {
    let cache = try openedCache()
    return try storing {
      var rows: [StateExport.Row] = []
      try cache.allRows { scope, row in
        guard let payload = row.payload else { return }
        rows.append(StateExport.Row(scope: scope, key: row.key, seq: row.seq, payload: payload))
      }
      try environment.files.makeDirectory(toDirectory)
      try environment.files.write(toDirectory + "/" + StateExport.fileName, Array(StateExport.text(rows).utf8))
      return rows.count
    }
  }
}
