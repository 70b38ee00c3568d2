// How an admin of the small world erases words.
import ReviewModel
import ReviewRules
import Trust

extension World {
  @discardableResult
  mutating func erase(_ keys: [EntityKey], by person: Person = ada, reason: String? = "Asked for by the patient") -> Outcome {
    var body = Erase()
    body.targets = keys.map { ErasureTarget($0) }
    body.reason = reason.map { text($0, .reason) }
    return act(person, .erase(body))
  }
}
