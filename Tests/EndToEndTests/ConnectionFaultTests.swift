// The faults of the torture's proxy do what they say, or a play with them would prove nothing.
import ProcessHarness
import Testing

@testable import TortureKit

@Suite struct ConnectionFaultTests {
  private let chunk = [UInt8](0..<100)

  private func fault(_ kind: ConnectionFault.Kind, at offset: Int) -> ConnectionFault {
    ConnectionFault(kind: kind, direction: .toServer, offset: offset, amount: 11)
  }

  @Test func `a flip changes one bit of one byte`() {
    guard case .pass(let bytes) = fault(.flip, at: 140).effect(on: chunk, position: 100) else {
      Issue.record("a flip passes everything on")
      return
    }
    #expect(zip(bytes, chunk).map { $0 ^ $1 }.filter { $0 != 0 } == [1 << 3])
    #expect(bytes[40] == chunk[40] ^ 8)
  }

  @Test func `a cut lets pass what came before it`() {
    #expect(fault(.cut, at: 30).effect(on: chunk, position: 0) == .strike(Array(chunk[..<30])))
    #expect(fault(.halve, at: 100).effect(on: chunk, position: 100) == .strike([]))
  }

  @Test func `a doubled piece comes twice and the rest once`() {
    #expect(fault(.duplicate, at: 40).effect(on: chunk, position: 0) == .pass(Array(0..<40) + Array(8..<100)))
  }

  @Test(arguments: ConnectionFault.Kind.allCases)
  func `a chunk that the fault does not fall into passes unharmed`(kind: ConnectionFault.Kind) {
    #expect(fault(kind, at: 100).effect(on: chunk, position: 0) == .pass(chunk))
    #expect(fault(kind, at: 99).effect(on: chunk, position: 100) == .pass(chunk))
  }

  @Test func `the same seed draws the same faults, of every kind`() {
    func kinds() -> [String] {
      var dice = SeededDice(seed: 5)
      return (0..<200).map { _ in ConnectionFault.draw(&dice)?.description ?? "none" }
    }
    #expect(kinds() == kinds())
    #expect(Set(kinds().compactMap { $0.split(separator: " ").first }).count == ConnectionFault.Kind.allCases.count + 1)
  }
}
