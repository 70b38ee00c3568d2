// The frames that open a session: Hello, Challenge, Prove, Welcome.
import Foundation
import ReviewModel
import Trust

extension SeenCheckpoint {
  init(wire message: WireSeenCheckpoint, _ field: String) throws(WireError) {
    self.init(
      origin: try WireReading.text(message.origin, "\(field).origin", limit: WireLimits.originBytes), size: message.size,
      root: try WireReading.fixed(message.root, "\(field).root"))
  }

  var wire: WireSeenCheckpoint {
    var message = WireSeenCheckpoint()
    message.origin = origin
    message.size = size
    message.root = root.data
    return message
  }
}

extension Hello {
  init(wire message: WireHello) throws(WireError) {
    self.init(
      minimumVersion: message.minimumVersion, maximumVersion: message.maximumVersion,
      tenant: try WireReading.fixed(message.tenant, "hello.tenant"),
      device: try WireReading.fixed(message.device, "hello.device"),
      nonce: try WireReading.fixed(message.nonce, "hello.nonce"),
      seen: try SeenCheckpoint(wire: message.seen, "hello.seen"), clockMilliseconds: message.clockMilliseconds,
      agent: try WireReading.text(message.agent, "hello.agent", limit: WireLimits.agentBytes))
  }

  var wire: WireHello {
    var message = WireHello()
    message.minimumVersion = minimumVersion
    message.maximumVersion = maximumVersion
    message.tenant = tenant.data
    message.device = device.data
    message.nonce = nonce.data
    message.seen = seen.wire
    message.clockMilliseconds = clockMilliseconds
    message.agent = agent
    return message
  }
}

extension Challenge {
  init(wire message: WireChallenge) throws(WireError) {
    self.init(
      nonce: try WireReading.fixed(message.nonce, "challenge.nonce"), chosenVersion: message.chosenVersion,
      serverKey: try WireReading.fixed(message.serverKey, "challenge.server_key"),
      signature: try WireReading.fixed(message.signature, "challenge.signature"))
  }

  var wire: WireChallenge {
    var message = WireChallenge()
    message.nonce = nonce.data
    message.chosenVersion = chosenVersion
    message.serverKey = serverKey.data
    message.signature = signature.data
    return message
  }
}

extension Prove {
  init(wire message: WireProve) throws(WireError) {
    self.init(
      signature: try WireReading.fixed(message.signature, "prove.signature"),
      seenNote: try WireReading.bytes(message.seenNote, "prove.seen_note", limit: WireLimits.noteBytes))
  }

  var wire: WireProve {
    var message = WireProve()
    message.signature = signature.data
    message.seenNote = Data(seenNote)
    return message
  }
}

extension LaneState {
  init(wire message: WireLaneState) throws(WireError) {
    self.init(
      lane: message.lane, lastNumber: message.lastNumber,
      lastHash: try WireReading.fixed(message.lastHash, "welcome.lanes.last_hash"))
  }

  var wire: WireLaneState {
    var message = WireLaneState()
    message.lane = lane
    message.lastNumber = lastNumber
    message.lastHash = lastHash.data
    return message
  }
}

extension SessionLimits {
  init(wire message: WireSessionLimits) {
    self.init()
    unansweredMutations = message.unansweredMutations
    unansweredBytes = message.unansweredBytes
    frameBytes = message.frameBytes
    heartbeatSeconds = message.heartbeatSeconds
  }

  var wire: WireSessionLimits {
    var message = WireSessionLimits()
    message.unansweredMutations = unansweredMutations
    message.unansweredBytes = unansweredBytes
    message.frameBytes = frameBytes
    message.heartbeatSeconds = heartbeatSeconds
    return message
  }
}

extension Welcome {
  init(wire message: WireWelcome) throws(WireError) {
    self.init()
    limits = SessionLimits(wire: message.limits)
    member = try WireReading.fixed(message.member, "welcome.member")
    epoch = try WireReading.fixed(message.epoch, "welcome.epoch")
    origin = try WireReading.text(message.origin, "welcome.origin", limit: WireLimits.originBytes)
    durableThrough = message.durableThrough
    hasBackup = message.hasBackup_p
    lanes = try WireReading.list(message.lanes, "welcome.lanes", limit: WireLimits.lanesADevice, LaneState.init(wire:))
    scopes = try WireReading.list(message.scopes, "welcome.scopes", limit: WireLimits.scopesASession, ScopeHead.init(wire:))
    checkpointNote = try WireReading.text(message.checkpointNote, "welcome.checkpoint_note", limit: WireLimits.noteBytes)
    consistency = try WireReading.fixed(message.consistency, "welcome.consistency", limit: WireLimits.proofHashes)
    serverMilliseconds = message.serverMilliseconds
    rulesVersion = message.rulesVersion
  }

  var wire: WireWelcome {
    var message = WireWelcome()
    message.limits = limits.wire
    message.member = member.data
    message.epoch = epoch.data
    message.origin = origin
    message.durableThrough = durableThrough
    message.hasBackup_p = hasBackup
    message.lanes = lanes.map(\.wire)
    message.scopes = scopes.map(\.wire)
    message.checkpointNote = checkpointNote
    message.consistency = consistency.map(\.data)
    message.serverMilliseconds = serverMilliseconds
    message.rulesVersion = rulesVersion
    return message
  }
}
