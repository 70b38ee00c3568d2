// How many files the server may have open, and what they are for: sockets and tenants' databases. Without a bound for each the
// process runs out of them, and then it can neither accept a connection nor get rid of it.
import Glibc
import Logging
import TransportWebSocket

struct FileBudget {
  /// More serves nobody, and libwebsockets makes tables as long as the limit.
  static let most: UInt64 = 65_536
  /// The writer and four readers of a database have it and its log open, and share one file more; SQLite may open another for
  /// a moment.
  static let filesATenant = 12
  /// Standard streams, lock, directory, loop, certificates while they are read, and some to spare.
  static let filesOfTheProcess = 48

  /// How many files the process may have open.
  let limit: Int

  /// The limit that the server sets for itself where the system lets it have as many as `hard`: as many as are of use, also
  /// where it had more.
  static func limit(hard: UInt64) -> UInt64 { min(hard, most) }

  /// Half of the files are for connections, a quarter of these for one network, and some for sockets that linger.
  func bound(_ configuration: inout WebSocketServerConfiguration) {
    configuration.maximumConnections = min(configuration.maximumConnections, max(16, limit / 2))
    configuration.maximumConnectionsPerNetwork = max(8, configuration.maximumConnections / 4)
    configuration.linger.sockets = min(configuration.linger.sockets, max(1, limit / 16))
  }

  /// How many tenants may be open beside the sockets of a bounded configuration.
  func tenants(beside configuration: WebSocketServerConfiguration) -> Int {
    let sockets = configuration.maximumConnections + configuration.linger.sockets
    return max(1, (limit - sockets - Self.filesOfTheProcess) / Self.filesATenant)
  }

  /// Sets the limit as well as the system lets it; what is in force then is the budget.
  static func claim(_ logger: Logger) -> FileBudget {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limits = rlimit()
    guard getrlimit(kind, &limits) == 0 else { return FileBudget(limit: Int(getdtablesize())) }
    let wanted = rlim_t(limit(hard: UInt64(limits.rlim_max)))
    if limits.rlim_cur != wanted {
      limits.rlim_cur = wanted
      if setrlimit(kind, &limits) != 0 {
        logger.notice("the limit of open files stays as it is", metadata: ["limit": "\(getdtablesize())"])
      }
    }
    return FileBudget(limit: Int(getdtablesize()))
  }
}
