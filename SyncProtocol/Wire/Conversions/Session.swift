// The frames that keep a session going and end it: Subscribe, Heartbeat, scopes that open and close, Goodbye.
import Foundation
import ReviewModel

extension ScopeCursor {
  init(wire message: WireScopeCursor) throws(WireError) {
    self.init(scope: try WireReading.scope(message.scope, "subscribe.cursors.scope"), cursor: message.cursor)
  }

  var wire: WireScopeCursor {
    var message = WireScopeCursor()
    message.scope = scope.name
    message.cursor = cursor
    return message
  }
}

extension Subscribe {
  init(wire message: WireSubscribe) throws(WireError) {
    self.init(
      cursors: try WireReading.list(
        message.cursors, "subscribe.cursors", limit: WireLimits.scopesASession, ScopeCursor.init(wire:)),
      isLive: message.isLive)
  }

  var wire: WireSubscribe {
    var message = WireSubscribe()
    message.cursors = cursors.map(\.wire)
    message.isLive = isLive
    return message
  }
}

extension ScopeHead {
  init(wire message: WireScopeHead) throws(WireError) {
    self.init(scope: try WireReading.scope(message.scope, "scope_head.scope"), head: message.head)
  }

  var wire: WireScopeHead {
    var message = WireScopeHead()
    message.scope = scope.name
    message.head = head
    return message
  }
}

extension Heartbeat {
  init(wire message: WireHeartbeat) throws(WireError) {
    self.init(
      heads: try WireReading.list(message.heads, "heartbeat.heads", limit: WireLimits.scopesASession, ScopeHead.init(wire:)))
  }

  var wire: WireHeartbeat {
    var message = WireHeartbeat()
    message.heads = heads.map(\.wire)
    return message
  }
}

extension Goodbye {
  init(wire message: WireGoodbye) throws(WireError) {
    guard message.code != .unspecified else { throw .malformed("goodbye.code", "there") }
    self.init(
      // A newer peer's reason still ends the session in order.
      code: UInt32(exactly: message.code.rawValue).flatMap(GoodbyeCode.init(rawValue:)) ?? .ordinary,
      retryAfterMilliseconds: message.retryAfterMilliseconds,
      detail: try WireReading.text(message.detail, "goodbye.detail", limit: WireLimits.detailBytes))
  }

  var wire: WireGoodbye {
    var message = WireGoodbye()
    message.code = WireGoodbyeCode(rawValue: Int(code.rawValue)) ?? .ordinary
    message.retryAfterMilliseconds = retryAfterMilliseconds
    message.detail = detail
    return message
  }
}

extension Scope {
  var wireClosed: WireScopeClosed {
    var message = WireScopeClosed()
    message.scope = name
    return message
  }
}
