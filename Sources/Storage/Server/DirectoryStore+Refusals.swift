// What every directory store says when a record cannot be written.

extension TenantRecord {
  package var conflict: StorageError {
    StorageError(.conflict, "There is a tenant with the id \(id) or the name “\(name)” already; choose another name.")
  }

  package var notFound: StorageError {
    StorageError(.notFound, "There is no tenant with the id \(id); list the tenants to see those there are.")
  }
}

extension InvitationRecord {
  package var conflict: StorageError {
    StorageError(.conflict, "This invitation is written down already; make a new one for another person.")
  }
}
