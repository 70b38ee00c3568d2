// The pipe without a network keeps the same promises.
import Testing
import Transport

@testable import TransportWebSocket

struct InMemoryPipeTests {
  @Test func `messages arrive in order and the close comes after them`() async throws {
    let (client, server) = InMemoryPipe.makePair(tlsCertificateDigest: [7])
    #expect(client.tlsCertificateDigest == [7])
    for number in UInt8(0)..<10 { try await client.send([number]) }
    await client.close(code: 1000, reason: "done")
    var received: [UInt8] = []
    for try await message in server.incoming { received += message }
    #expect(received == Array(0..<10))
    #expect(server.closure == PipeClosure(code: 1000, reason: "done", byPeer: true))
    await #expect(throws: PipeError(.closed, "")) { try await server.send([1]) }
  }

  @Test func `a full pipe holds the sender until the reader reads`() async throws {
    let (client, server) = InMemoryPipe.makePair(limits: PipeLimits(sendBufferBytes: 100))
    try await client.send([UInt8](repeating: 0, count: 60))
    let second = Task { try await client.send([UInt8](repeating: 1, count: 60)) }
    #expect(client.bufferedBytes == 60)
    var messages = server.incoming.makeAsyncIterator()
    #expect(try await messages.next()?.count == 60)
    try await second.value
    #expect(try await messages.next() == [UInt8](repeating: 1, count: 60))
    try await client.waitUntilWritable(below: 1)
    #expect(client.bufferedBytes == 0)
  }

  @Test func `a waiting sender can be cancelled and a close fails it`() async throws {
    let (client, _) = InMemoryPipe.makePair(limits: PipeLimits(sendBufferBytes: 10))
    try await client.send([UInt8](repeating: 0, count: 10))
    let cancelled = Task { try await client.send([1]) }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    let failed = Task { try await client.send([2]) }
    await client.close(code: 1011, reason: "")
    await #expect(throws: PipeError(.closed, "")) { try await failed.value }
  }

  @Test func `a message that is empty or over the limit is not sent`() async throws {
    let (client, server) = InMemoryPipe.makePair(limits: PipeLimits(maximumBinaryMessageBytes: 3))
    for message in [[], [1, 2, 3, 4]] as [[UInt8]] {
      await #expect(throws: PipeError(.messageTooLong, "")) { try await client.send(message) }
    }
    try await client.send([1, 2, 3])
    #expect(server.closure == nil && client.bufferedBytes == 3)
  }

  @Test func `an extraordinary close throws at the reader`() async throws {
    let (client, server) = InMemoryPipe.makePair()
    client.cut(code: 1011, reason: "crash")
    await #expect(throws: PipeError(.closed, "")) { for try await _ in server.incoming {} }
  }

  @Test func `an abandoned pipe has ended at once, for both sides`() async throws {
    let (client, server) = InMemoryPipe.makePair()
    client.abandon()
    #expect(client.closure?.byPeer == false)
    await #expect(throws: PipeError(.closed, "")) { try await client.send([1]) }
    await #expect(throws: PipeError(.closed, "")) { for try await _ in server.incoming {} }
  }

  @Test func `the assembly keeps nothing over its limit`() {
    var assembly = MessageAssembly(encoding: .binary, limitBytes: 10)
    func add(_ bytes: [UInt8], remaining: UInt = 0, isFinal: Bool = true, isBinary: Bool = true) -> MessageAssembly.Verdict {
      bytes.withUnsafeBytes { assembly.add($0, isBinary: isBinary, remainingBytes: remaining, isFinal: isFinal) }
    }
    #expect(add([1, 2, 3], isFinal: false) == .needMore)
    #expect(add([4]) == .whole([1, 2, 3, 4]))
    #expect(add([], remaining: .max, isFinal: false) == .refuse(code: 1009, reason: "message over 10 bytes"))
    #expect(add([1], isBinary: false) == .refuse(code: 1003, reason: "binary messages only"))
    #expect(add([UInt8](repeating: 0, count: 10)) == .whole([UInt8](repeating: 0, count: 10)))
  }
}
