// Whom an operator means: the members of a tenant by name or id, as the tenant's file has them.
import ReviewModel
import Storage

package enum TenantMembers {
  /// All members, removed ones too.
  package static func all(in store: any TenantStore) throws(AdministrationError) -> [MemberEntity] {
    do {
      return try store.entities(.member, in: .tenant, limit: .max).compactMap { row in
        try row.payload.map { try MemberEntity(tolerating: $0) }
      }
    } catch let error as StorageError {
      throw AdministrationError(.storage, error.sentence)
    } catch {
      throw AdministrationError(
        .storage, "A member cannot be read; leave the directory as it is, and report what countersignd verify says.")
    }
  }

  /// How many digits of an id name somebody at least, as on a device's command line.
  static let fewestDigits = 4

  /// The one of these that is called so (regardless of case where nobody is called exactly so), or whose id begins so.
  ///
  /// - Parameter orRemoved: whether removed members count, too.
  package static func named(
    _ text: String, among members: [MemberEntity], orRemoved: Bool = false
  ) throws(AdministrationError) -> MemberEntity {
    let found = matches(text, among: members.filter { orRemoved || !$0.isRemoved })
    guard let only = found.first else {
      throw matches(text, among: members).isEmpty ? AdministrationError.noMember(text) : .removed(text)
    }
    guard found.count == 1 else {
      let candidates = found.map { "\($0.id.hex) \($0.name)" }.sorted().joined(separator: ", ")
      throw AdministrationError(
        .severalMembers,
        "Several members are named “\(text)”, or have an id that begins so; give an id instead: \(candidates).")
    }
    return only
  }

  /// A whole id is meant whatever anybody is called; the beginning of one only where nobody is called so.
  private static func matches(_ text: String, among members: [MemberEntity]) -> [MemberEntity] {
    let folded = text.lowercased()
    let ways: [(MemberEntity) -> Bool] = [
      { $0.id.hex == folded }, { $0.name == text }, { $0.name.lowercased() == folded },
      { folded.utf8.count >= Self.fewestDigits && $0.id.hex.hasPrefix(folded) },
    ]
    return ways.lazy.map { members.filter($0) }.first(where: { !$0.isEmpty }) ?? []
  }
}

extension AdministrationError {
  package static func noMember(_ text: String) -> AdministrationError {
    AdministrationError(
      .noMember, "There is no member “\(text)”; give a name, or at least \(TenantMembers.fewestDigits) digits of an id.")
  }

  static func removed(_ text: String) -> AdministrationError {
    AdministrationError(.noMember, "“\(text)” was removed and gets no further device; invite them as a new member.")
  }
}
