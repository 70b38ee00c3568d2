// One enrolled identity with its outbox and cache: what every front end works with. The families of what it can do
// stand in the files Profile+….swift of the folders beside this one.
import Synchronization

/// One enrolled identity of one member in one tenant, with its outbox and cache.
public final class Profile: Sendable {
  let environment: ClientEnvironment

  init(environment: ClientEnvironment) {
    self.environment = environment
  }

  /// Reads the identity and opens the outbox. The cache opens on first use; a damaged one is thrown away and made anew.
  ///
  /// - Parameters:
  ///   - directory: the profile's own directory.
  ///   - name: the profile's name, for reports.
  ///   - passphrase: asked for once, if the identity is sealed.
  public static func open(
    at directory: String, name: String, environment: ClientEnvironment, passphrase: (() throws -> String)? = nil
  ) throws(ClientError) -> Profile {
    throw .pending
  }

  /// Makes keys, registers this device with the code's server and keeps the identity. Interrupted, it is repeated with
  /// the same code and goes on where it stopped. The first sync is the caller's next step.
  public static func enrol(
    code: String, deviceName: String, at directory: String, name: String, environment: ClientEnvironment,
    passphrase: String?, replacingURL: String? = nil
  ) async throws(ClientError) -> EnrolmentReport {
    throw .pending
  }

  /// Who this device is.
  public var identity: ProfileIdentity {
    ProfileIdentity(
      profile: "", tenantID: "", tenantName: "", memberID: "", memberName: "", deviceID: "", deviceName: "", serverURL: "",
      serverKey: "", rootFingerprint: nil)
  }

  /// Notes that the server has moved to another address; its key stays pinned.
  public func setURL(_ url: String) throws(ClientError) { throw .pending }

  /// Closes the stores. The profile must not be used afterwards.
  public func close() {}
}

extension ClientError {
  static var pending: ClientError { ClientError(.damaged, "This version does not answer yet.") }
}
