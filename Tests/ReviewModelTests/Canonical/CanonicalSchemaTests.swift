// The canonical bytes and the schema are two descriptions of one thing: here they are held to each other.
import ReviewModel
import SwiftProtobuf
import SyncProtocol
import Testing
import Trust

struct CanonicalSchemaTests {
  @Test(arguments: CanonicalSample.all)
  func `the generated message reads the canonical bytes and writes the same`(sample: CanonicalSample) throws {
    #expect(try sample.regenerate(sample.bytes) == sample.bytes)
  }

  @Test(arguments: CanonicalSample.all)
  func `the model reads its own bytes and writes the same`(sample: CanonicalSample) throws {
    #expect(try sample.rewrite(sample.bytes) == sample.bytes)
    #expect(try sample.rewriteTolerantly(sample.bytes) == sample.bytes)
  }

  @Test(arguments: CanonicalSample.all)
  func `every field of the schema is set, under its own name and number`(sample: CanonicalSample) throws {
    let fields = try #require(ProtoSchema.shared.messages[sample.name], "the schema has no message \(sample.name)")
    let numbers = try FieldNumbers.distinct(in: sample.bytes)
    #expect(numbers == fields.map(\.number))
    #expect(sample.labels.map { $0.lowercased() } == fields.map { $0.name.replacing("_", with: "") })
  }

  @Test func `every canonical message of the schema has a sample`() {
    let canonical = ["content", "statements", "mutation", "ledger", "entities"]
    let names = canonical.flatMap { ProtoSchema.shared.messageNames(in: $0) }
    #expect(Set(names).subtracting(CanonicalSample.all.map(\.name)) == ["Mutation"])
  }

  @Test(arguments: CanonicalSample.all)
  func `an unknown field is refused in signed bytes and passed over in stored ones`(sample: CanonicalSample) throws {
    let longer = sample.bytes + [0xFA, 0x3E, 0x01, 0x00]  // field 1007, one byte
    #expect(throws: CanonicalError(.unknownField, field: 1007)) { try sample.rewrite(longer) }
    #expect(try sample.rewriteTolerantly(longer) == sample.bytes)
  }

  @Test(arguments: CanonicalSample.all)
  func `a beginning of the bytes is refused or is the whole of something smaller`(sample: CanonicalSample) {
    for count in 0..<sample.bytes.count {
      let beginning = Array(sample.bytes.prefix(count))
      // A beginning may be whole fields and so be canonical; then it must say the same again.
      guard let rewritten = try? sample.rewrite(beginning) else { continue }
      #expect(rewritten == beginning)
    }
  }

  @Test func `every enumeration has the numbers of the schema`() {
    let schema = ProtoSchema.shared
    #expect(schema.values(of: "Role") == Role.allCases.map { "\($0)" })
    #expect(schema.values(of: "Verdict") == Verdict.allCases.map { "\($0)" })
    #expect(schema.values(of: "OutcomeStatus") == OutcomeStatus.allCases.map { "\($0)" })
    #expect(schema.values(of: "EntityKind") == EntityKind.allCases.map { "\($0)" })
    #expect(schema.numbers(of: "Role") == Role.allCases.map(\.rawValue))
    #expect(schema.numbers(of: "Verdict") == Verdict.allCases.map(\.rawValue))
    #expect(schema.numbers(of: "OutcomeStatus") == OutcomeStatus.allCases.map(\.rawValue))
    #expect(schema.numbers(of: "EntityKind") == EntityKind.allCases.map(\.rawValue))
    #expect(schema.numbers(of: "RefusalCode") == RefusalCode.allCases.map(\.rawValue))
    #expect(schema.values(of: "RefusalCode") == RefusalCode.allCases.map { "\($0)" })
  }

  @Test func `every body has the schema's number and reads back`() throws {
    let fields = try #require(ProtoSchema.shared.messages["Mutation"])
    let bodies = MutationSamples.all
    #expect(bodies.map(\.fieldNumber) == fields.map(\.number))
    for body in bodies {
      #expect(try Mutation.decode(body.encoded()) == .known(body))
      #expect(try WireMutation(serializedBytes: body.encoded()).serializedBytes() as [UInt8] == body.encoded())
    }
  }

  @Test func `a body of a newer version is unsupported, two bodies are refused`() throws {
    #expect(try Mutation.decode([0xA2, 0x06, 0x00]) == .unsupported(fieldNumber: 100))
    let two = MutationSamples.all[0].encoded() + MutationSamples.all[1].encoded()
    #expect(throws: CanonicalError(.unknownField, field: 2)) { try Mutation.decode(two) }
    #expect(throws: CanonicalError(.missingField, field: 0)) { try Mutation.decode([]) }
  }
}
