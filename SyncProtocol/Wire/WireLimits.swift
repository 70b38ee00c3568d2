// Every limit of the protocol, and the range of its versions. Changing one changes the protocol: README.md lists them.
import ReviewModel

/// The versions that this code speaks. A session uses the highest version that both sides know.
package enum ProtocolVersion {
  package static let minimum: UInt32 = 1
  package static let current: UInt32 = 1

  /// The highest version in both ranges, nil if they do not meet.
  package static func chosen(
    minimum peerMinimum: UInt32, maximum peerMaximum: UInt32, of versions: ClosedRange<UInt32> = minimum...current
  ) -> UInt32? {
    let highest = Swift.min(versions.upperBound, peerMaximum)
    return highest >= Swift.max(versions.lowerBound, peerMinimum) ? highest : nil
  }
}

/// The names of the WebSocket subprotocols, in the order in which a server prefers them.
package enum Subprotocol {
  package static let binary = "countersign.v1"
  package static let json = "countersign.v1+json"
}

/// What no frame may exceed. Decoding refuses what does; senders split before.
package enum WireLimits {
  /// A frame in the binary encoding.
  package static let frameBytes = 64 << 10
  /// A frame in JSON. Binary content grows by a third there, names are spelled out.
  package static let jsonFrameBytes = 128 << 10
  /// What the entries of one page may cost together, as `FrameCodec.size` counts; the rest of the frame is for its head.
  package static let pageBytes = frameBytes - (1 << 10)
  /// One entity's payload: it fits into a page alone. A change that would make an entity larger is refused
  /// `tooLarge` by whoever decides it; there is no frame for it.
  package static let payloadBytes = 62 << 10
  /// One ledger entry's leaf record.
  package static let leafRecordBytes = 60 << 10
  /// An envelope with all its parts.
  package static let envelopeWithPartsBytes = Envelope.withPartsByteLimit
  package static let partsAnEnvelope = 1_800

  package static let envelopesAFrame = 128
  package static let answersAFrame = 128
  package static let entriesAPage = 2_000
  package static let keysAFetch = 256
  package static let indexesARequest = 256
  package static let indexesARange = 1_000
  package static let provedEntriesAFrame = 256
  package static let scopesASession = 512
  package static let lanesADevice = 8
  package static let digestLeaves = 256
  /// The longest inclusion or consistency proof of a log of 2^63 entries.
  package static let proofHashes = 128

  package static let agentBytes = 64
  package static let detailBytes = 512
  package static let originBytes = 512
  package static let noteBytes = 4_096
  package static let nameBytes = 1_024

  /// How deep messages (and JSON values) may be nested.
  package static let nestingDepth = 16
}
