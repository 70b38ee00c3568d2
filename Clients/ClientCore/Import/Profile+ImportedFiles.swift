// Which batches were imported from this device: the same posts twice are nearly always a mistake, and nobody takes them back.
import Foundation
import ReviewModel
import Storage
import SyncEngine
import Trust

extension Profile {
  private static let importedPrefix = "imported/"
  /// The detail by which a program tells this refusal from those of the rules.
  public static let alreadyImported = "already_imported"

  /// Refuses a batch that was imported before, as long as the outbox knows of it: not if it was undone, or the server has
  /// refused it since.
  func requireNew(_ file: ImportFile) throws(ClientError) {
    let name = try Self.settingName(of: file)
    guard let id = try storing({ try outbox.setting(name) }).flatMap({ MutationID(hex: $0) }),
      let row = try storing({ try outbox.row(mutation: id) })
    else { return }
    // What cannot be read was not refused, as far as anybody knows.
    let outcome = row.answer.flatMap { try? LeafRecord(tolerating: $0.leafRecord).outcome }
    if outcome?.status == .rejected { return }
    throw ClientError(
      .rejected, "These posts were imported from this device already; once more they would all be there twice.",
      remedy: "Look at what is there; bring them in again only if they are meant twice.", details: [Self.alreadyImported])
  }

  /// Notes, before it is queued, which mutation makes the batch appear. One that is not in the outbox says nothing.
  func noteImported(_ file: ImportFile, by mutation: MutationID) throws(ClientError) {
    let name = try Self.settingName(of: file)
    let keeper = try keeper()
    try storing { try keeper.keepingCurrent { () throws(StorageError) in try outbox.set(name, to: mutation.hex) } }
  }

  /// The batch by all that it says, campaign included, whatever file it came in.
  private static func settingName(of file: ImportFile) throws(ClientError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do {
      return importedPrefix + SHA256.hash([UInt8](try encoder.encode(file))).hex
    } catch {
      throw ClientError(.badInput, "The batch cannot be written as JSON: \(error)")
    }
  }
}
