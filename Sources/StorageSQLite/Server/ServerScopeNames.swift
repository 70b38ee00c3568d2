// The scopes that rows name by number. A number that was committed never changes its meaning, so each is read once.
import ReviewModel
import Synchronization

/// Remembers scopes by their numbers in one tenant's file.
final class ServerScopeNames: Sendable {
  /// More scopes than most tenants have; past it, numbers are looked up each time.
  static let limit = 10_000

  private let scopes = Mutex<[UInt64: Scope]>([:])

  subscript(_ number: UInt64) -> Scope? { scopes.withLock { $0[number] } }

  /// Only for scopes that were read in a read transaction: those are committed.
  func remember(_ scope: Scope, as number: UInt64) {
    scopes.withLock { known in
      if known.count < Self.limit { known[number] = scope }
    }
  }
}
