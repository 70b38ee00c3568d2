// Safety and people: pausing, resuming, undoing, inviting.

extension Profile {
  /// Stops publishing for the whole tenant. Not in force until the server has answered.
  public func pause(reason: String?) throws(ClientError) -> ChangeReport { throw .pending }

  /// Lifts every pause that this device knows of, and no other.
  public func resume() throws(ClientError) -> ChangeReport { throw .pending }

  /// Takes back the newest commands that were never offered to the server; for the rest says what to do instead.
  public func undo(count: Int = 1) throws(ClientError) -> UndoReport { throw .pending }

  /// Invites a person, signed by this admin's device. The code works once the server has answered the mutation.
  public func inviteMember(name: String, roles: [String]) throws(ClientError) -> InvitationReport { throw .pending }
}
