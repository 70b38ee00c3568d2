// What the working set promises to those who load and store.
import ReviewModel
import Testing
import Trust

@testable import ReviewRules

@Suite struct WorkingSetTests {
  private func member(_ name: String) -> Entity {
    var member = MemberEntity()
    member.id = World.rita.id
    member.name = name
    return Entity(scope: .tenant, value: .member(member))
  }

  private let key = EntityKey.member(World.rita.id)

  @Test func `absence is knowledge too`() {
    var set = WorkingSet()
    #expect(!set.holds(key))
    set.load(key, nil)
    #expect(set.holds(key) && set.current(key) == nil)
  }

  @Test func `loading never overwrites what was written`() {
    var set = WorkingSet()
    set.load(key, member("loaded"))
    set.write(key, member("written"))
    set.load(key, member("loaded again"))
    #expect(set.current(key) == member("written"))
    set.write(key, nil)
    set.load(key, member("loaded again"))
    #expect(set.current(key) == nil && set.holds(key))
  }

  @Test func `changes are taken once, and follow one another`() {
    var set = WorkingSet()
    set.load(key, member("loaded"))
    set.write(key, member("first"))
    set.write(key, member("second"))
    #expect(set.takeChanges() == [EntityChange(key: key, before: member("loaded"), after: member("second"))])
    #expect(set.takeChanges().isEmpty)
    set.write(key, nil)
    #expect(set.takeChanges() == [EntityChange(key: key, before: member("second"), after: nil)])
  }

  @Test func `what ends as it began is no change, but another Unicode form is`() {
    var set = WorkingSet()
    set.load(key, member("Caf\u{E9}"))
    set.write(key, member("Other"))
    set.write(key, member("Caf\u{E9}"))
    #expect(set.takeChanges().isEmpty)
    set.write(key, member("Cafe\u{301}"))
    #expect(set.takeChanges().count == 1)
  }
}
