// A TCP proxy between clients and server on loopback that does to connections what bad networks do, under a seed. It knows
// nothing of what it carries.
import Glibc
import ProcessHarness
import Synchronization

package final class FaultProxy: Sendable {
  private struct State {
    var dice: SeededDice
    var isCalm = false
    var isOver = false
    var connections = 0
  }

  package let port: UInt16
  private let listener: Int32
  private let target: UInt16
  private let log: TortureLog
  private let state: Mutex<State>

  /// Listens on a port that the system chooses and passes connections on to the target's.
  package init(target: UInt16, seed: UInt64, log: TortureLog) throws {
    self.target = target
    self.log = log
    state = Mutex(State(dice: SeededDice(seed: seed)))
    (listener, port) = try Loopback.listen()
    Threads.start { [self] in accept() }
  }

  /// From now on connections pass unharmed; those that are open keep their fault.
  package func calm() { state.withLock { $0.isCalm = true } }

  /// Ends it: open connections end too.
  package func stop() { state.withLock { $0.isOver = true } }

  package var connections: Int { state.withLock { $0.connections } }

  var isOver: Bool { state.withLock { $0.isOver } }

  private func accept() {
    while !isOver {
      guard Loopback.isReadable(listener, withinMilliseconds: 100) else { continue }
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { continue }
      let (number, fault) = state.withLock { state in
        state.connections += 1
        return (state.connections, state.isCalm ? nil : ConnectionFault.draw(&state.dice))
      }
      if let fault { log.note("connection \(number): \(fault)") }
      Threads.start { [self] in
        guard let server = Loopback.connect(to: target) else { return Loopback.end(client, isReset: true) }
        var carried = CarriedConnection(client: client, server: server, fault: fault)
        carried.run { isOver }
      }
    }
    close(listener)
  }
}
