// countersignd doctor: what is wrong with a data directory, each finding with its remedy.
import ArgumentParser
import Foundation
import ReviewModel
import Storage
import StorageSQLite
import SyncServer
import TransportWebSocket
import Trust

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "doctor", abstract: "Looks for trouble and says what to do.")

  private struct Finding: Encodable {
    let ok: Bool
    let what: String
    let fix: String?
    /// Nothing is broken, and it is good to know.
    var isWarning = false

    var label: String { isWarning ? "WARN" : ok ? "ok  " : "BAD " }

    enum CodingKeys: String, CodingKey {
      case ok, what, fix
      case isWarning = "warning"
    }
  }

  private static let stopAdvice = "stop the server, \(DataDirectory.advice)"
  private static let unclean = """
    the last run did not end in order: the process was killed, it crashed, or the machine lost power. What was acknowledged \
    is on the disk. The next run notes every change before it decides it, until it is stopped in order, so that a change \
    which brings the server down is found and set aside; that costs a little time. Nothing must be done
    """

  @OptionGroup var dataOption: DataOption
  @Flag(help: "Answers with JSON.") var json = false

  func run() throws {
    let data = try dataOption.directory()
    let findings = permissions(data) + keys(data) + stores(data) + service(data)
    if json {
      try StandardOutput.write(json: findings)
    } else {
      for finding in findings {
        StandardOutput.write("\(finding.label) \(finding.what)\n")
        if let fix = finding.fix { StandardOutput.write("     fix: \(fix)\n") }
      }
    }
    if findings.contains(where: { !$0.ok }) { throw ExitCode.failure }
  }

  private func permissions(_ data: DataDirectory) -> [Finding] {
    let loose = data.looseFiles()
    guard !loose.isEmpty else { return [Finding(ok: true, what: "files are the owner's alone", fix: nil)] }
    return loose.map { Finding(ok: false, what: "\($0) may be read by others", fix: "chmod go-rwx \($0)") }
  }

  private func keys(_ data: DataDirectory) -> [Finding] {
    var findings: [Finding] = []
    do {
      findings.append(Finding(ok: true, what: "server key \(try data.serverKey().publicKey.fingerprint.hex)", fix: nil))
    } catch {
      findings.append(
        Finding(ok: false, what: "\(data.serverKeyPath) holds no key that can be read", fix: DataDirectory.keyAdvice))
    }
    do {
      try CertificateCheck(data.ownTLS).checkFiles()
      let digest = try CertificateFile.digest(ofFile: data.certificatePath)
      findings.append(Finding(ok: true, what: "certificate \(Hex.encode(digest))", fix: nil))
    } catch {
      findings.append(
        Finding(
          ok: false, what: "the certificate \(data.certificatePath) or its key, \(data.certificateKeyPath), cannot be read",
          fix: "put back the copy of keys/ that you keep apart, or serve with --tls-cert and --tls-key"))
    }
    return findings
  }

  private func stores(_ data: DataDirectory) -> [Finding] {
    do {
      let directory = try SQLiteDirectoryStore.open(path: data.directoryPath, readOnly: true)
      let records = try directory.tenants()
      // Without name and key no tenant can be an old copy of this server's; that they are missing is told elsewhere.
      let identity = try? data.identity(directory)
      return [Finding(ok: true, what: "server.sqlite: \(records.count) tenants", fix: nil)]
        + records.map { Self.tenant($0, in: data, identity: identity, directory: directory) }
    } catch {
      return [Finding(ok: false, what: "\(data.directoryPath) cannot be read", fix: Self.stopAdvice)]
    }
  }

  private static func tenant(
    _ record: TenantRecord, in data: DataDirectory, identity: ServerIdentity?, directory: any DirectoryStore
  ) -> Finding {
    do throws(StorageError) {
      let store = try SQLiteTenantStore.open(path: data.tenantPath(record.id), readOnly: true)
      let size = try store.state().ledgerSize
      var oldCopy: OldCopyFinding?
      if let identity {
        oldCopy = try OldCopyFinding.look(at: record.id, identity: identity, store: store, directory: directory)
      }
      try store.close()
      if let oldCopy {
        return Finding(
          ok: false, what: "tenant \(record.id.hex): \(oldCopy.sentence)",
          fix: "stop the server and put the newest copy of \(data.tenantPath(record.id)) in its place (docs/OPERATIONS.md)")
      }
      return Finding(ok: true, what: "tenant \(record.id.hex): \(size) ledger entries", fix: nil)
    } catch {
      return Finding(ok: false, what: "tenant \(record.id.hex): \(error.sentence)", fix: Self.stopAdvice)
    }
  }

  private func service(_ data: DataDirectory) -> [Finding] {
    do {
      let isRunning = try DirectoryLock.isHeld(data.lockPath)
      let directory = try SQLiteDirectoryStore.open(path: data.directoryPath, readOnly: true)
      let url = try directory.setting(DataDirectory.Setting.lastURL)
      let wasKilled = try !isRunning && directory.setting(DataDirectory.Setting.running) == "1"
      return [
        Finding(ok: true, what: isRunning ? "a server runs, last at \(url ?? "?")" : "no server runs", fix: nil),
        wasKilled
          ? Finding(ok: true, what: Self.unclean, fix: nil, isWarning: true)
          : Finding(ok: true, what: "the last run ended in order", fix: nil),
      ]
    } catch {
      return [Finding(ok: false, what: "the lock cannot be looked at", fix: "check who owns \(data.path)")]
    }
  }
}
