// Takes a terminal out of line mode for as long as a key is awaited, and gives it back whatever happens.
import Glibc
import Synchronization

/// The terminal's settings while they are changed.
enum RawMode {
  private static let saved = Mutex<(descriptor: Int32, settings: termios)?>(nil)

  /// Runs the body without echo, and unless it wants lines, key by key: then what was typed before is discarded.
  static func within<Result>(_ descriptor: Int32, keepsLines: Bool = false, _ body: () -> Result) -> Result {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return body() }
    saved.withLock { $0 = (descriptor, settings) }
    defer {
      tcsetattr(descriptor, TCSANOW, &settings)
      saved.withLock { $0 = nil }
    }
    var changed = settings
    changed.c_lflag &= ~tcflag_t(keepsLines ? ECHO : ECHO | ICANON)
    tcsetattr(descriptor, keepsLines ? TCSANOW : TCSAFLUSH, &changed)
    return body()
  }

  /// For signal handlers: does not wait for anybody.
  static func restoreNow() {
    _ = saved.withLockIfAvailable { saved in
      guard case (let descriptor, var settings)? = saved else { return }
      tcsetattr(descriptor, TCSANOW, &settings)
    }
  }
}

/// Ends the program on control-C. Everything durable is a transaction, so there is nothing to wait for.
enum Interruption {
  /// What is said on control-C once something was saved. Begins on a line of its own: a terminal shows ^C behind the question.
  static let words: StaticString =
    "\nInterrupted. What was decided stays saved and will be sent; `countersign undo` takes it back while it is not sent.\n"

  /// Whether this command has saved something that the server has not answered.
  private static let hasSaved = Atomic<Bool>(false)

  static func saved() { hasSaved.store(true, ordering: .relaxed) }

  static func answered() { hasSaved.store(false, ordering: .relaxed) }

  /// For signal handlers: bytes that are there already, and one call that handlers may make.
  private static func tellNow() {
    guard hasSaved.load(ordering: .relaxed) else { return }
    // Safe: a static string's bytes live as long as the program. Where nobody can be told there is nobody to tell that to.
    _ = write(2, words.utf8Start, words.utf8CodeUnitCount)
  }

  static func install() {
    // Made now, so that no handler makes it.
    _ = hasSaved.load(ordering: .relaxed)
    _ = words.utf8CodeUnitCount
    RawMode.restoreNow()
    signal(SIGPIPE, SIG_IGN)
    signal(SIGINT) { _ in
      RawMode.restoreNow()
      Interruption.tellNow()
      _exit(ExitStatus.interrupted.rawValue)
    }
    signal(SIGTERM) { _ in
      RawMode.restoreNow()
      _exit(128 + SIGTERM)
    }
  }

  /// While another program has the terminal, control-C is its business.
  static func paused<Result>(_ body: () throws -> Result) rethrows -> Result {
    signal(SIGINT, SIG_IGN)
    defer { install() }
    return try body()
  }
}
