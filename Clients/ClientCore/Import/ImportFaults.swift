// Everything that is wrong with an import file, at once.

/// The faults of an import file, in the order of their lines. Never empty.
public struct ImportFaults: Error, Sendable, Hashable {
  public var faults: [ImportFault]

  /// The faults as they stand.
  public init(_ faults: [ImportFault]) { self.faults = faults }
}

/// A file that an import's posts name, as it was measured beside the import file.
public typealias ImportMedia = (digest: String, size: UInt64, kind: String)
