// Import files and the identity file: what is taken from a file can be written down and read again, and every fault names
// a line that the file has.
import Foundation
import ProcessHarness

@testable import ClientCore

enum ImportTargets {
  static let all: [FuzzTarget] = [
    FuzzTarget("import-json", inputByteLimit: 8_192, read: json),
    FuzzTarget("import-csv", inputByteLimit: 8_192, read: csv),
    FuzzTarget("identity-file", read: identity),
  ]

  private static func json(_ bytes: [UInt8]) throws -> Bool {
    let file: ImportFile
    do {
      file = try ImportReader.read(json: bytes)
    } catch {
      try check(error, bytes)
      return false
    }
    // A second reader that shares no code with ours must see the same file; it knows no fields that may be left out.
    let plain = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let isJSON = (try? JSONDecoder().decode(JSONValue.self, from: Data(plain))) != nil
    try BrokenPromise.unless(isJSON, "another reader of JSON sees none")
    let other = try? JSONDecoder().decode(ImportFile.self, from: Data(plain))
    try BrokenPromise.unless(other == nil || other == file, "another reader of JSON sees another file")
    try reread(file)
    return true
  }

  private static func csv(_ bytes: [UInt8]) throws -> Bool {
    let file: ImportFile
    do {
      file = try ImportReader.read(csv: bytes, campaign: "Spring")
    } catch {
      try check(error, bytes)
      return false
    }
    try reread(file)
    return true
  }

  private static func reread(_ file: ImportFile) throws {
    let written: [UInt8]
    do {
      written = Array(try JSONEncoder().encode(file))
    } catch {
      throw BrokenPromise("a file that was read cannot be written: \(error)")
    }
    let again: ImportFile?
    do {
      again = try ImportReader.read(json: written)
    } catch {
      throw BrokenPromise("a file that was read is refused when it is written: \(error.faults)")
    }
    try BrokenPromise.unless(again == file, "a file is written and read differently")
  }

  private static func check(_ faults: ImportFaults, _ bytes: [UInt8]) throws {
    let lines = 1 + bytes.count { $0 == 0x0A || $0 == 0x0D }
    try BrokenPromise.unless(!faults.faults.isEmpty, "a file is refused without a fault")
    for fault in faults.faults {
      try BrokenPromise.unless(
        (1...lines).contains(fault.line) && !fault.problem.isEmpty, "a fault stands on line \(fault.line) of \(lines)")
    }
  }

  private static func identity(_ bytes: [UInt8]) throws -> Bool {
    guard let file = try? IdentityFile(decoding: bytes) else { return false }
    let again = try? IdentityFile(decoding: file.encoded())
    try BrokenPromise.unless(again == file, "an identity is written and read differently")
    if let secrets = file.secrets {
      let open = OpenIdentity(file: file, secrets: secrets, seal: nil)
      _ = (try? open.deviceKey(), try? open.serverKey(), open.tenant, open.member)
    }
    return true
  }
}
