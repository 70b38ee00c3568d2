// The seeds, every kept input and some damage to them, through the very functions that the fuzzer calls: what fuzzing has
// found once stays mended, and a target that takes nothing any more is noticed.
import FuzzTargets
import SeededInput
import Testing

@Suite struct FuzzReplayTests {
  @Test(arguments: FuzzTarget.all) func `every target takes some of its seeds and keeps its promises`(target: FuzzTarget) throws
  {
    let accepted = try FuzzSeeds.inputs(for: target).filter { try target.accepts($0) }
    #expect(!accepted.isEmpty)
  }

  @Test(arguments: FuzzTarget.all) func `every kept input is read or refused, and no promise is broken`(target: FuzzTarget)
    throws
  {
    let inputs = try FuzzCorpus(target: target.name).inputs()
    #expect(!inputs.isEmpty, "Fixtures/fuzz/\(target.name).hex: KEEP=1 make fuzz writes it")
    for input in inputs { _ = try target.accepts(input) }
  }

  @Test(arguments: FuzzTarget.all) func `damaged seeds break no promise`(target: FuzzTarget) throws {
    var damage = SeededDamage(seed: 20_261_125)
    for seed in try FuzzSeeds.inputs(for: target) {
      for _ in 0..<40 { _ = try target.accepts(damage.damaged(seed)) }
    }
  }

  @Test(arguments: FuzzTarget.all) func `a seed repeated up to the limit is read or refused`(target: FuzzTarget) throws {
    for seed in try FuzzSeeds.inputs(for: target).prefix(8) where !seed.isEmpty {
      let times = target.inputByteLimit / seed.count
      _ = try target.accepts(Array(repeatElement(seed, count: times).joined()))
      // The last byte again and again: deep nesting, long numbers, endless texts.
      _ = try target.accepts(seed + [UInt8](repeating: seed[seed.count - 1], count: target.inputByteLimit - seed.count))
      _ = try target.accepts(seed.prefix(2) + [UInt8](repeating: seed[seed.count / 2], count: target.inputByteLimit - 2))
    }
  }

  @Test func `longer input than a target takes is refused unread`() throws {
    let target = FuzzTarget("short", inputByteLimit: 2) { _ in throw BrokenPromise("read") }
    #expect(try !target.accepts([1, 2, 3]))
    #expect(throws: BrokenPromise.self) { try target.accepts([1, 2]) }
  }

  @Test func `no two targets share a name`() {
    #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
  }
}

extension FuzzTarget: CustomTestStringConvertible {
  package var testDescription: String { name }
}
