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
      throw AdministrationError(.storage, "A member cannot be read; run countersignd verify.")
    }
  }

  /// The one of these with this id or name.
  ///
  /// - Parameter orRemoved: whether removed members count, too.
  package static func named(
    _ text: String, among members: [MemberEntity], orRemoved: Bool = false
  ) throws(AdministrationError) -> MemberEntity {
    let id = MemberID(hex: text)
    let identified = members.filter { $0.id == id }
    let matching = identified.isEmpty ? members.filter { $0.name == text } : identified
    let found = matching.filter { orRemoved || !$0.isRemoved }
    guard let only = found.first else { throw matching.isEmpty ? AdministrationError.noMember(text) : .removed(text) }
    guard found.count == 1 else {
      let ids = found.map(\.id.hex).sorted().joined(separator: ", ")
      throw AdministrationError(.severalMembers, "Several members are named “\(text)”; give an id instead: \(ids).")
    }
    return only
  }
}

extension AdministrationError {
  package static func noMember(_ text: String) -> AdministrationError {
    AdministrationError(
      .noMember, "There is no member “\(text)”; give a name as it is written, or the 32 digits of a member's id.")
  }

  static func removed(_ text: String) -> AdministrationError {
    AdministrationError(.noMember, "“\(text)” was removed and gets no further device; invite them as a new member.")
  }
}
