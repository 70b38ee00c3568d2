// Content travels beside the signed envelope as salted parts, so that it can be erased without breaking any proof.
import Trust

/// What the bytes of a part are. The numbers are part of the protocol and never change meaning.
package enum PartKind: UInt8, Sendable, CaseIterable {
  case revision = 1
  case reason = 2
  case comment = 3
  case itemContent = 4
  case name = 5
  case brief = 6
}

/// 32 bytes of salt, one byte of kind, the content. Its digest is what an envelope names.
package struct Part: Hashable, Sendable {
  package static let saltByteCount = 32
  package static let overheadByteCount = 33

  package let bytes: [UInt8]
  package let kind: PartKind
  package let digest: Digest

  package init(salt: [UInt8], kind: PartKind, content: [UInt8]) {
    precondition(salt.count == Self.saltByteCount, "a salt has 32 bytes")
    self.kind = kind
    bytes = salt + [kind.rawValue] + content
    digest = SHA256.hash(bytes)
  }

  /// Nil unless the bytes are a part of a kind that this version knows.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.overheadByteCount, let kind = PartKind(rawValue: bytes[Self.saltByteCount]) else { return nil }
    self.bytes = bytes
    self.kind = kind
    digest = SHA256.hash(bytes)
  }

  package var salt: [UInt8] { Array(bytes[..<Self.saltByteCount]) }
  package var content: [UInt8] { Array(bytes[Self.overheadByteCount...]) }

  /// The content as text, nil if it is not UTF-8.
  package var text: String? { String(validating: bytes[Self.overheadByteCount...], as: UTF8.self) }

  package static func text(_ text: String, kind: PartKind, salt: [UInt8]) -> Part {
    Part(salt: salt, kind: kind, content: Array(text.utf8))
  }

  package static func revision(_ content: RevisionContent, salt: [UInt8]) -> Part {
    Part(salt: salt, kind: .revision, content: content.encoded())
  }

  package static func item(_ content: ItemContent, salt: [UInt8]) -> Part {
    Part(salt: salt, kind: .itemContent, content: content.encoded())
  }
}

/// The parts that came beside an envelope, by digest.
package struct PartSet: Sendable, Hashable {
  package private(set) var parts: [Digest: Part]
  /// Parts that came once and were erased since: only where a ledger is replayed.
  package let erased: Set<Digest>

  package init(_ parts: [Part] = [], erased: Set<Digest> = []) {
    self.parts = Dictionary(parts.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    self.erased = erased
  }

  package subscript(_ digest: Digest) -> Part? { parts[digest] }

  package var count: Int { parts.count }

  /// In the order of their digests.
  package var ordered: [Part] { parts.values.sorted { $0.digest < $1.digest } }

  package var byteCount: Int { parts.values.reduce(0) { $0 + $1.bytes.count } }
}
