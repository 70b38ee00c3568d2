// What `serve` was told, by flags and environment, checked before anything is opened; `CertificateCheck` looks into the files.
import Glibc
import Logging
import TransportWebSocket

struct ServeOptions {
  var listen: ListenAddress?
  var readyFile: String?
  var readyDescriptor: Int32?
  var tls: WebSocketServerConfiguration.TLS?
  var isPlainText = false
  /// Nil leaves the transport's own.
  var slowReaderSeconds: Int?
  /// Nil leaves it to the budget of files.
  var connectionsPerNetwork: Int?
  var logFormat = LogFormat.text
  var logLevel = Logger.Level.info

  /// - Throws: `ConfigurationError` naming what is missing or wrong.
  init(_ command: ServeCommand, data: DataDirectory) throws {
    listen = try EnvironmentFlag.value(command.listen, "listen").map { try ListenAddress($0) }
    readyFile = EnvironmentFlag.value(command.readyFile, "ready-file")
    readyDescriptor = try Self.descriptor(EnvironmentFlag.value(command.readyFd, "ready-fd"))
    isPlainText = try EnvironmentFlag.isSet(command.plainText, "plain-text")
    let certificate = EnvironmentFlag.value(command.tlsCert, "tls-cert")
    let key = EnvironmentFlag.value(command.tlsKey, "tls-key")
    switch (certificate, key) {
    case (nil, nil): tls = data.ownTLS
    case (let certificate?, let key?): tls = WebSocketServerConfiguration.TLS(certificatePath: certificate, privateKeyPath: key)
    default: throw ConfigurationError("--tls-cert and --tls-key belong together; give both or neither.")
    }
    if isPlainText, certificate != nil { throw ConfigurationError("--plain-text and --tls-cert exclude each other.") }
    if isPlainText { tls = nil }
    slowReaderSeconds = try Self.number(command.slowReaderSeconds, of: "slow-reader-seconds", within: 1...3_600)
    connectionsPerNetwork = try Self.number(command.connectionsPerNetwork, of: "connections-per-network", within: 1...1_000_000)
    try readLogging(command)
  }

  private mutating func readLogging(_ command: ServeCommand) throws {
    if let text = EnvironmentFlag.value(command.logFormat, "log-format") {
      guard let format = LogFormat(rawValue: text) else { throw ConfigurationError("--log-format takes text or json.") }
      logFormat = format
    }
    if let text = EnvironmentFlag.value(command.logLevel, "log-level") {
      guard let level = Logger.Level(rawValue: text) else {
        throw ConfigurationError("--log-level takes trace, debug, info, notice, warning, error or critical.")
      }
      logLevel = level
    }
  }

  private static func number(_ text: String?, of flag: String, within range: ClosedRange<Int>) throws -> Int? {
    guard let text = EnvironmentFlag.value(text, flag) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw ConfigurationError("--\(flag) takes a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// Looked at before this program opens files of its own: what is not open yet would become one of them, and the line would
  /// be written into a database.
  private static func descriptor(_ text: String?) throws -> Int32? {
    guard let text else { return nil }
    guard let descriptor = Int32(text), descriptor > STDERR_FILENO, isHandedOver(descriptor) else {
      throw ConfigurationError(
        "--ready-fd takes the number above 2 of a file, pipe or socket that whoever starts the server has opened; "
          + "“\(text)” is none.")
    }
    return descriptor
  }

  /// What the runtime has opened by now for its threads to wait at is of no such kind.
  private static func isHandedOver(_ descriptor: Int32) -> Bool {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { return false }
    return [S_IFREG, S_IFIFO, S_IFSOCK, S_IFCHR].contains(information.st_mode & S_IFMT)
  }
}
