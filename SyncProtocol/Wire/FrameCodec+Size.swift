// What elements of lists cost in a frame, so that pages are filled without encoding them twice.
import ReviewModel
import Trust

/// An upper bound of what something takes in a frame. It counts for both encodings: in JSON a frame may have twice the
/// bytes, so half the JSON form counts where that is more. Lists whose elements cost at most `WireLimits.pageBytes`
/// together fit into one frame in either encoding.
extension FrameCodec {
  /// What an entry of Changes, RepairPage or (with its scope) FetchedEntities costs.
  package static func size(of entry: ChangeEntry) -> Int {
    cost(binaryHead: 32, jsonHead: 112, blobs: entry.key.id.count, entry.payload?.count ?? 0)
  }

  package static func size(of entry: ScopedEntry) -> Int {
    let nameBytes = entry.scope.name.utf8.count
    return size(of: entry.entry) + 16 + nameBytes
  }

  package static func size(of envelope: PushedEnvelope) -> Int {
    envelope.parts.reduce(cost(binaryHead: 96, jsonHead: 176, blobs: envelope.envelope.bytes.count)) { sum, part in
      sum + cost(binaryHead: 4, jsonHead: 8, blobs: part.count)
    }
  }

  package static func size(of answer: AnsweredEnvelope) -> Int {
    cost(binaryHead: 48, jsonHead: 144, blobs: answer.leafRecord.count)
  }

  package static func size(of entry: ProvedEntry) -> Int {
    let hashes = entry.inclusion.count * 34
    let head = cost(binaryHead: 112, jsonHead: 240, blobs: entry.leafRecord.count, entry.envelope.bytes.count)
    return entry.parts.reduce(head + hashes) { sum, part in
      sum + cost(binaryHead: 4, jsonHead: 8, blobs: part.count)
    }
  }

  /// How many of the first elements fit into one frame; at least 1 if there is any, because each fits alone.
  package static func fitting<Element>(
    _ elements: some Collection<Element>, limit: Int, size: (Element) -> Int
  ) -> Int {
    var count = 0
    var used = 0
    for element in elements.prefix(limit) {
      used += size(element)
      if count > 0, used > WireLimits.pageBytes { break }
      count += 1
    }
    return count
  }

  /// Binary: the head and the bytes. JSON: the head and base64 of the bytes.
  private static func cost(binaryHead: Int, jsonHead: Int, blobs: Int...) -> Int {
    let binary = blobs.reduce(binaryHead, +)
    let json = blobs.reduce(jsonHead) { $0 + ($1 + 2) / 3 * 4 }
    return max(binary, (json + 1) / 2)
  }
}
