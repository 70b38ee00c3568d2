// Logs: one line each on standard error, as text or JSON; a static message and metadata, never content.
import Foundation
import Logging

enum LogFormat: String, Sendable {
  case text, json
}

struct LogOutput: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let format: LogFormat
  private let label: String

  init(label: String, format: LogFormat, level: Logger.Level) {
    self.label = label
    self.format = format
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    switch format {
    case .text:
      let words = all.map { " \($0.key)=\($0.value)" }.joined()
      StandardError.write("\(time) \(event.level) \(event.message)\(words)\n")
    case .json:
      var object = Dictionary(all.map { ($0.key, "\($0.value)") }, uniquingKeysWith: { $1 })
      object["time"] = time
      object["level"] = "\(event.level)"
      object["message"] = "\(event.message)"
      object["label"] = label
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      // Text always encodes.
      guard let data = try? encoder.encode(object) else { return }
      StandardError.write(String(decoding: data, as: UTF8.self) + "\n")
    }
  }
}
