// How readers are told that words were erased: it is said, so that nothing only looks empty.
import ReviewModel
import Trust

package enum ErasureMark {
  static let idDigits = 8

  /// In place of what somebody wrote.
  package static let text = "(erased)"

  /// In place of a name: with the beginning of the id, so that one can be told from another.
  static func name(_ key: EntityKey) -> String { "\(text) \(Hex.encode(key.id).prefix(idDigits))" }
}

extension EntityValue {
  /// These words of it as they are read: the words, or the mark if they were erased.
  fileprivate func shown(_ words: String) -> String { words.isEmpty && isErased ? ErasureMark.text : words }

  /// As above, for what a thing is called.
  fileprivate func shownName(_ name: String) -> String { name.isEmpty && isErased ? ErasureMark.name(key) : name }
}

extension MemberEntity {
  var shownName: String { EntityValue.member(self).shownName(name) }
}

extension DeviceEntity {
  var shownName: String { EntityValue.device(self).shownName(name) }
}

extension CampaignEntity {
  var shownName: String { EntityValue.campaign(self).shownName(name) }
}

extension ItemEntity {
  var shownTheme: String { EntityValue.item(self).shownName(content.theme) }
}

extension SubjectEntity {
  var shownWithdrawalReason: String { EntityValue.subject(self).shown(withdrawalReason) }
}

extension DecisionEntity {
  var shownReason: String { EntityValue.decision(self).shown(reason) }
}

extension CommentEntity {
  var shownText: String { EntityValue.comment(self).shown(text) }
}

extension PauseEntity {
  var shownReason: String { EntityValue.pause(self).shown(reason) }
}
