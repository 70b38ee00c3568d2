// Runs the person's own programs, the pager and the editor, through the shell as their variables expect.
import Glibc

/// A program that takes over the terminal for a while.
enum ChildProgram {
  /// Runs a command line of the shell; `arguments` reach it as `"$@"`. With `input` that is its standard input. Of the
  /// variables it gets all but the passphrase.
  ///
  /// - Returns: its exit code, or nil if it could not be started.
  static func run(
    _ commandLine: String, arguments: [String] = [], input: [UInt8]? = nil, variables: [[CChar]] = ChildProgram.ownVariables()
  ) -> Int32? {
    var ends: [Int32] = [-1, -1]
    if input != nil && pipe(&ends) != 0 { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if input != nil {
      posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
      posix_spawn_file_actions_addclose(&actions, ends[1])
    }
    return Interruption.paused {
      let script = commandLine + " \"$@\""
      guard let child = spawn(script, arguments: arguments, variables: inherited(variables), actions: &actions) else {
        ends.filter { $0 >= 0 }.forEach { _ = close($0) }
        return nil
      }
      if let input {
        close(ends[0])
        let output = Output(descriptor: ends[1])
        output.write(input)
        output.flush()
        close(ends[1])
      }
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0 && errno == EINTR {}
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
  }

  private static func spawn(
    _ script: String, arguments: [String], variables: [[CChar]], actions: inout posix_spawn_file_actions_t
  ) -> pid_t? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGPIPE, SIGTERM] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // Safe: the copies live until after the call, and are freed once.
    var words = (["/bin/sh", "-c", script, "sh"] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    words.append(nil)
    var surroundings = variables.map { strdup($0) }
    defer { surroundings.forEach { free($0) } }
    surroundings.append(nil)
    var child: pid_t = 0
    return posix_spawn(&child, "/bin/sh", &actions, &attributes, words, surroundings) == 0 ? child : nil
  }

  /// Without the passphrase: neither an editor nor a pager needs it, nor what they start and what those write down.
  private static func inherited(_ variables: [[CChar]]) -> [[CChar]] {
    let secret = (Passphrase.variable + "=").utf8CString.dropLast()
    return variables.filter { !$0.starts(with: secret) }
  }

  /// This process's own variables, each as `name=value` with a zero at the end; they need not be UTF-8.
  static func ownVariables() -> [[CChar]] {
    var variables: [[CChar]] = []
    var next = environ
    // Safe: the list ends with a null pointer and each variable with a zero, and nothing here changes them.
    while let variable = next.pointee {
      variables.append(Array(UnsafeBufferPointer(start: variable, count: strlen(variable) + 1)))
      next += 1
    }
    return variables
  }
}
