// The way out where a device's key or its outbox is damaged: every command names the same one, and it works.
import ClientCore

/// A profile that can be neither read nor mended.
enum DamagedProfile {
  /// What helps, with the line to type.
  static func remedy(profile name: String, in shell: Shell) -> String {
    let line = shell.typed("profiles", "remove", name, "--force")
    return "Remove the profile: \(line). What was not sent is lost. Then enrol anew, with an invitation from an admin "
      + "(countersign invite --member NAME)."
  }

  /// The error with the way out, if it is one of such damage; else as it is.
  static func told(_ error: ClientError, in shell: Shell) -> ClientError {
    guard error.isBeyondRepair else { return error }
    var told = error
    told.remedy = remedy(profile: chosenName(in: shell), in: shell)
    return told
  }

  /// The profile that the command at hand works with.
  static func chosenName(in shell: Shell) -> String {
    do {
      return try ProfileDirectory(variable: shell.variable).meant(option: shell.profileName, variable: shell.variable)
    } catch {
      // Which one is meant was not clear; then this is not the error that is told.
      return "NAME"
    }
  }
}
