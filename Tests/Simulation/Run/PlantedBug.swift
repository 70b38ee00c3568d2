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
  /// A decision on a replaced revision counts as one on the current one.
  case forgetBaseCheck = "forget_base_check"
  /// An answer that was lost is not given again.
  case dropOutcome = "drop_outcome"
  /// A timer that has fired once is not set again.
  case neverRearm = "never_rearm"
  /// Of two versions the one with the later time counts, not the one with the higher number.
  case compareClock = "compare_clock"
  /// A merged revision names one of its parents only.
  case skipMergeParent = "skip_merge_parent"
  /// Of several heads one is written over.
  case overwriteHead = "overwrite_head"
  /// One more change is pushed than the server allows.
  case windowOffByOne = "window_off_by_one"
  /// A page begins one row late.
  case skipFirstRow = "skip_first_row"
  /// A pause waits behind other work of its device.
  case overtakePause = "overtake_pause"
  /// An envelope is taken that does not continue its lane, and a device sends such.
  case acceptWrongHash = "accept_wrong_hash"
  /// A device that was killed gives its numbers again.
  case reuseNumber = "reuse_number"
  /// Where departures were forgotten no digest is sent.
  case forgetFloor = "forget_floor"
  /// A heartbeat's heads are not looked at.
  case ignoreHeartbeat = "ignore_heartbeat"
  /// What comes again after a reconnect is decided again.
  case applyTwice = "apply_twice"
  /// A row counts in another leaf of the digest.
  case wrongLeaf = "wrong_leaf"
  /// A rejection is not among the decisions that stand.
  case ignoreVeto = "ignore_veto"
  /// Who wrote a text is forgotten, and he may approve it.
  case forgetAuthors = "forget_authors"
  /// What an older server did not know is not offered to a newer one.
  case forgetUnsupported = "forget_unsupported"
  /// A device that comes again asks for everything from the beginning.
  case forgetCursor = "forget_cursor"
  /// The server keeps the parts of what was erased.
  case keepErasedParts = "keep_erased_parts"
  /// A device keeps in its outbox what was erased everywhere else.
  case keepErasedWords = "keep_erased_words"
  /// A server that is shown its own signature beyond its head goes on writing.
  case ignoreShownNote = "ignore_shown_note"
  /// Nobody asks again when the view's turn has come.
  case forgetPromise = "forget_promise"
  /// What a revoked device says is decided as before.
  case forgetRevocation = "forget_revocation"
  /// Pauses are lifted as soon as they are made.
  case liftPauses = "lift_pauses"
  /// Everybody has every role.
  case forgetRoles = "forget_roles"
  /// What is for those who work on a campaign is shown to all of it.
  case leakInternal = "leak_internal"
  /// Every campaign is shown to everybody.
  case shareEverything = "share_everything"
  /// A list shows as approved what was rejected.
  case showApproved = "show_approved"
  /// Live sessions are told of a commit much later.
  case lateNews = "late_news"
  /// Answered changes are forgotten as soon as the server says that they are durable.
  case forgetAnswered = "forget_answered"
  /// A device gives its session up though nothing is in the way.
  case giveUpSessions = "give_up_sessions"
  /// What a disk has changed since it was queued is signed.
  case skipChecksums = "skip_checksums"
  /// A device that put something aside does not know any more that its lane ends there.
  case forgetQuarantined = "forget_quarantined"

  /// Whether it changes what is written into the server's store.
  var changesWrites: Bool { [.ignoreVeto, .overwriteHead, .skipMergeParent, .liftPauses, .leakInternal].contains(self) }
}
