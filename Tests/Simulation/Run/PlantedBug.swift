// Bugs that are put in on purpose, in the drivers and in front of the stores, to show that the simulator finds their kind.
// No production code knows of them.

package enum PlantedBug: String, Sendable, CaseIterable {
  /// Envelopes are sent before the outbox knows durably that they were offered.
  case forgetOffer = "forget_offer"
  /// An answer is taken, and not written down.
  case forgetAnswer = "forget_answer"
  /// An answered change leaves the replay before the base holds it.
  case retireEarly = "retire_early"
  /// The timers that notice a silent server are never set.
  case neverArmSilence = "never_arm_silence"
  /// After a lost connection nothing connects again.
  case neverReconnect = "never_reconnect"
  /// A page moves the cursor and loses a row, and no digest is compared.
  case skipDigests = "skip_digests"
  /// A page of which the last row is not written although the cursor moves.
  case tearPage = "tear_page"
  /// A new identity begins with an empty outbox.
  case dropQueueOnRenewal = "drop_queue_on_renewal"
  /// The view is not brought up to date after the base changed.
  case skipRefresh = "skip_refresh"
  /// The server answers before its commit is durable.
  case answerBeforeCommit = "answer_before_commit"
  /// The server does not remember which mutations it has decided, only which numbers.
  case forgetMutations = "forget_mutations"
  /// Rows that leave a scope are not told to devices that were away.
  case skipDepartures = "skip_departures"
  /// A catch-up ends one row early.
  case skipLastRow = "skip_last_row"
  /// What was being decided in a crash is not remembered.
  case forgetMarkers = "forget_markers"
  /// Sessions are not told that their member's rights have changed.
  case skipAccessNews = "skip_access_news"
  /// A server that comes up from an old copy says nothing about it, and neither do devices.
  case acceptRollback = "accept_rollback"
  /// An outcome that is read again says something else than the first time.
  case changeOutcome = "change_outcome"
}
