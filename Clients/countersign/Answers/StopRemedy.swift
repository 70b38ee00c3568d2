// What a person does when a session has stopped for good: each reason has its own way on.
import ClientCore

/// For `doctor`, and for whoever has tried to sync.
enum StopRemedy {
  /// The error with the way on, if it is of a session that has stopped for good; else as it is.
  static func told(_ error: ClientError, in shell: Shell) -> ClientError {
    guard error.code == .refusedByServer, error.remedy.isEmpty, let stop = error.details.first else { return error }
    var told = error
    told.remedy = fix(stop, profile: DamagedProfile.chosenName(in: shell), in: shell)
    return told
  }

  /// - Parameter stop: the stable word that `status` gives.
  static func fix(_ stop: String, profile name: String, in shell: Shell) -> String {
    let sync = shell.typed("sync")
    let move = shell.typed("profiles", "set-url", "URL")
    switch stop {
    case "device_revoked", "unauthorized":
      return "Ask an admin for a new invitation (countersign invite --member NAME), then enrol anew after: "
        + shell.typed("profiles", "remove", name, "--force") + ". What was not sent is lost then."
    case "not_the_server": return "Check the address; if the server has moved: \(move). If it is right, ask the server's admin."
    case "unknown_tenant": return "Check the address; if the server has moved: \(move). Else ask the server's admin."
    case "rolled_back":
      return "Tell the server's admin that its data has gone back in time. Change nothing here: this device holds the proof. "
        + "Once it is put right: \(sync)"
    case "inconsistent_log": return "Tell your admin, and keep this device as it is: it holds the proof of two histories."
    case "epoch_changed": return "Ask an admin whether the server was set up anew; do not go on before that is clear."
    case "replaced": return "Stop the other countersign that uses this device's key, then: \(sync)"
    case "version_unsupported": return "Update this program, then: \(sync)"
    case "protocol_violation": return "Update this program, then: \(sync). If that does not help, tell the server's admin."
    case "bad_evidence", "signature_refused": return "Tell the server's admin. Once it is put right: \(sync)"
    case "damaged_envelope": return "Look at \(shell.typed("outcomes")), then: \(sync)"
    case "forked": return sync
    default: return "Ask an admin. Once it is put right: \(sync)"
    }
  }
}
