// countersignd serve: runs the server until it is told to stop.
import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Storage
import StorageSQLite
import SyncServer
import TransportWebSocket

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "serve", abstract: "Runs the server.")

  /// How long a start waits for whoever has the lock, half a second in all.
  private static let lockAttempts = 11
  private static let lockPauseMilliseconds = 50

  @OptionGroup var dataOption: DataOption
  @Option(
    help: ArgumentHelp(
      "Where to listen; by default where it did last, at first at \(ListenAddress.standard). Port 0 lets the system choose.",
      valueName: "addr:port"))
  var listen: String?
  @Option(help: ArgumentHelp("Written with the server's URL once it accepts connections.", valueName: "file"))
  var readyFile: String?
  @Option(help: ArgumentHelp("An open file that is told the URL, then closed.", valueName: "number"))
  var readyFd: String?
  @Option(help: ArgumentHelp("A certificate chain in PEM; without it the server's own is used.", valueName: "file"))
  var tlsCert: String?
  @Option(help: ArgumentHelp("The certificate's key in PEM.", valueName: "file"))
  var tlsKey: String?
  @Flag(help: "Serves without TLS, for loopback only. A proxy in front must pass TLS through.")
  var plainText = false
  @Option(
    help: ArgumentHelp(
      "A client that reads next to nothing for so long, while more waits for it, loses its session; 30 by default.",
      valueName: "seconds"))
  var slowReaderSeconds: String?
  @Option(
    help: ArgumentHelp(
      "Connections at once from one IPv4 address or /64 network of IPv6; a quarter of all by default. This machine has no bound.",
      valueName: "number"))
  var connectionsPerNetwork: String?
  @Option(help: "text or json.") var logFormat: String?
  @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: String?

  func run() async throws {
    let data = try dataOption.directory()
    let options = try ServeOptions(self, data: data)
    if let tls = options.tls { try await CertificateCheck(tls).run() }
    try data.checkPermissions()
    LoggingSystem.bootstrap { LogOutput(label: $0, format: options.logFormat, level: options.logLevel) }
    let logger = Logger(label: "countersignd")
    let lock = try await Self.lock(data)
    let service = try makeService(data, options, logger)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: StopSignals.current(), logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    try await ServiceGroup(configuration: configuration).run()
    withExtendedLifetime(lock) {}
  }

  private static func lock(_ data: DataDirectory) async throws -> DirectoryLock {
    let lock = try await DirectoryLock.take(data.lockPath, attempts: lockAttempts) {
      try await Task.sleep(for: .milliseconds(lockPauseMilliseconds))
    }
    guard let lock else { throw ConfigurationError("Another server uses \(data.path); stop it first.") }
    return lock
  }

  private func makeService(_ data: DataDirectory, _ options: ServeOptions, _ logger: Logger) throws -> ServerService {
    let directory = try data.openDirectory()
    let identity = try data.identity(directory)
    let wasKilled = try directory.setting(DataDirectory.Setting.running) == "1"
    if wasKilled { logger.warning("the last run did not end in order; what is decided is marked until an orderly stop") }
    let host = TenantHost(
      identity: identity, environment: .system, directory: directory, metrics: ServerMetrics(), marksEverything: wasKilled,
      logger: logger
    ) { id throws(StorageError) in try SQLiteTenantStore.open(path: data.tenantPath(id)) }
    let listen = try options.listen ?? directory.setting(DataDirectory.Setting.lastListen).map { try ListenAddress($0) }
    return ServerService(
      host: host, registry: SessionRegistry(), directory: directory, listen: listen ?? .standard, tls: options.tls,
      slowReaderSeconds: options.slowReaderSeconds, connectionsPerNetwork: options.connectionsPerNetwork,
      notice: ReadyNotice(file: options.readyFile, descriptor: options.readyDescriptor),
      publicHost: ProcessInfo.processInfo.hostName,
      wasKilled: wasKilled, logger: logger)
  }
}
