// Bodies and parts that were damaged or made up: always an answer, never a trap, and nothing written by a refusal.
import ReviewModel
import ReviewRules
import SeededInput
import Testing
import Trust

@Suite struct HostileBytesTests {
  /// Bodies of several kinds that this world would accept, with their parts.
  private func samples(_ world: inout World) throws -> [(body: [UInt8], parts: [Part])] {
    let subject = world.post(text: "one two three")
    let head = try world.head(subject)
    var samples: [(body: [UInt8], parts: [Part])] = []
    func add(_ mutation: Mutation, _ world: inout World) {
      samples.append((mutation.encoded(), world.parts))
      world.parts = []
    }
    var create = CreateItem()
    create.campaign = World.campaign
    create.item = world.newItem(by: World.emil, platforms: ["instagram", "linkedin"])
    add(.createItem(create), &world)
    add(.revise(try world.revised(subject, base: head, by: World.emil) { $0.text = "one two 3" }), &world)
    add(.comment(world.commenting(subject, text: "Fine")), &world)
    var withdraw = Withdraw()
    withdraw.subjects = [subject]
    add(.withdraw(withdraw), &world)
    add(.decide(world.deciding(.reject, on: subject, head, reason: "No", replaces: [world.newID()])), &world)
    var batch = StageBatch()
    batch.batch = world.newID()
    batch.items = [world.newItem(by: World.emil)]
    add(.stageBatch(batch), &world)
    return samples
  }

  @Test(arguments: UInt64(1)...60)
  func `damaged bodies and parts are answered`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var world = World.populated()
    let actor = Actor(member: World.emil.id, device: World.emil.device)
    for sample in try samples(&world) {
      for _ in 0..<10 {
        var body = sample.body
        damage(&body, &generator)
        world.parts = sample.parts
        if let index = world.parts.indices.randomElement(using: &generator), Bool.random(using: &generator) {
          var bytes = world.parts[index].bytes
          damage(&bytes, &generator)
          if let part = Part(bytes) { world.parts[index] = part }
        }
        let outcome = world.act(actor, body)
        #expect(!outcome.targets.isEmpty)
        if outcome.status == .rejected { #expect(world.lastChanges.isEmpty) }
      }
    }
  }

  private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    case 1: bytes.append(UInt8.random(in: 0...255, using: &generator))
    case 2: bytes = (0..<bytes.count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    default: bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    }
  }
}
