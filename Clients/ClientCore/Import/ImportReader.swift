// Reads import files, strictly, and finds every fault at once.

/// Reads batches of posts from JSON and CSV.
public enum ImportReader {
  /// A whole import file in JSON.
  public static func read(json: [UInt8]) throws(ImportFaults) -> ImportFile {
    throw ImportFaults([ImportFault(line: 1, path: "", problem: "")])
  }

  /// Rows of posts in CSV with a header row; rows of one theme belong to one item.
  public static func read(csv: [UInt8], campaign: String) throws(ImportFaults) -> ImportFile {
    throw ImportFaults([ImportFault(line: 1, path: "", problem: "")])
  }
}
