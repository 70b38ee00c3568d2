// What a session is told of its own queue counts only while it is true.
import Logging
import SyncProtocol
import Testing
import Trust

@testable import SyncEngine
@testable import SyncServer

@Suite(.timeLimit(.minutes(5))) struct SessionDriverTests {
  /// Whether a session still holds back once it has been told that its queue was full, and that there is room again.
  private func isChoked(with queued: Int) async throws -> Bool {
    let bench = try ServerBench()
    let (items, mailbox) = SessionMailbox.make()
    let outbound = Outbound()
    let machine = ServerSession(
      configuration: ServerSessionConfiguration(
        serverName: bench.identity.name, signingKey: bench.identity.signingKey, nonce: .zero, tlsCertificateDigest: nil),
      nowMilliseconds: bench.clock.now)
    var driver = SessionDriver(
      machine: machine, host: bench.host, mailbox: mailbox, outbound: outbound, encoding: .binary,
      logger: Logger(label: "test"))
    _ = outbound.append([UInt8](repeating: 0, count: queued))
    mailbox.post(.becameChoked)
    mailbox.post(.becameWritable)
    mailbox.end()
    await driver.run(items)
    return driver.machine.isChoked
  }

  @Test func `that there was room does not count where the queue is full again`() async throws {
    #expect(try await isChoked(with: ServerSessionLimits.chokedBytes + 1))
  }

  @Test func `that there is room lets the session go on`() async throws {
    #expect(try await !isChoked(with: ServerSessionLimits.chokedBytes))
  }
}
