// One connection through the proxy, on a thread of its own: reads either side, lets the fault at it, writes to the other.
import Glibc

struct CarriedConnection {
  private static let chunkBytes = 16_384
  /// How many bytes drip, and in pieces of how many.
  private static let dripBytes = 1_500

  private let client: Int32
  private let server: Int32
  private let fault: ConnectionFault?
  private var positions: [ConnectionFault.Direction: Int] = [.toServer: 0, .toClient: 0]
  private var isOpen: [ConnectionFault.Direction: Bool] = [.toServer: true, .toClient: true]
  private var silenced: ConnectionFault.Direction?
  private var silentUntil: ContinuousClock.Instant?

  init(client: Int32, server: Int32, fault: ConnectionFault?) {
    self.client = client
    self.server = server
    self.fault = fault
  }

  /// Carries until both sides have ended, the fault ends it, or the proxy stops.
  mutating func run(until isOver: () -> Bool) {
    var isReset = false
    while !isOver(), isOpen.values.contains(true) {
      if let silentUntil, ContinuousClock.now > silentUntil { break }
      let (fromClient, fromServer) = Loopback.readable(
        client, server, isFirstWanted: isOpen[.toServer] == true, isSecondWanted: isOpen[.toClient] == true)
      if fromClient, !carry(.toServer, from: client, to: server, &isReset) { break }
      if fromServer, !carry(.toClient, from: server, to: client, &isReset) { break }
    }
    Loopback.end(client, isReset: isReset)
    Loopback.end(server, isReset: isReset)
  }

  /// Whether the connection goes on.
  private mutating func carry(
    _ direction: ConnectionFault.Direction, from source: Int32, to sink: Int32, _ isReset: inout Bool
  ) -> Bool {
    guard let chunk = Loopback.read(source, count: Self.chunkBytes) else { return false }
    guard !chunk.isEmpty else {
      isOpen[direction] = false
      shutdown(sink, Int32(SHUT_WR))
      return true
    }
    let position = positions[direction] ?? 0
    positions[direction] = position + chunk.count
    if silenced == direction { return true }
    guard let fault, fault.direction == direction else { return Loopback.write(sink, chunk) }
    switch fault.effect(on: chunk, position: position) {
    case .pass(let bytes): return Loopback.write(sink, bytes)
    case .strike(let bytes): return strike(fault, bytes, sink, &isReset)
    }
  }

  private mutating func strike(_ fault: ConnectionFault, _ bytes: [UInt8], _ sink: Int32, _ isReset: inout Bool) -> Bool {
    switch fault.kind {
    case .delay:
      Loopback.pause(milliseconds: fault.amount)
      return Loopback.write(sink, bytes)
    case .drip:
      for start in stride(from: 0, to: min(bytes.count, Self.dripBytes), by: 3) {
        guard Loopback.write(sink, Array(bytes[start..<min(start + 3, min(bytes.count, Self.dripBytes))])) else { return false }
        Loopback.pause(milliseconds: 1)
      }
      return bytes.count <= Self.dripBytes || Loopback.write(sink, Array(bytes[Self.dripBytes...]))
    case .halve:
      silenced = fault.direction
      silentUntil = ContinuousClock.now + .milliseconds(fault.amount)
      return Loopback.write(sink, bytes)
    default:
      isReset = fault.kind == .reset
      _ = Loopback.write(sink, bytes)
      return false
    }
  }
}
