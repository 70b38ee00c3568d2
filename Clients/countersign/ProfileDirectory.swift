// Where profiles are, and which one a command means.
import ClientCore
import Glibc

/// The folder that holds a person's profiles.
struct ProfileDirectory {
  static let defaultName = "default"
  let path: String

  /// `COUNTERSIGN_HOME`, else `countersign` in the folder for data of the XDG conventions.
  init(variable: (String) -> String?) throws {
    func given(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let home = given("COUNTERSIGN_HOME") {
      path = Self.absolute(home)
    } else if let data = given("XDG_DATA_HOME"), data.hasPrefix("/") {
      path = data + "/countersign"
    } else if let home = given("HOME") {
      path = home + "/.local/share/countersign"
    } else {
      throw CommandFailure(.usage, "no_home", "Neither COUNTERSIGN_HOME nor HOME is set.", remedy: "Set one of them.")
    }
  }

  func path(of name: String) -> String { path + "/" + name }

  func isEnrolled(_ name: String) -> Bool { FileBytes.exists(path(of: name) + "/identity") }

  /// Names of the profiles with an identity, sorted.
  ///
  /// - Throws: what the system says of a folder that is there and cannot be read: it may hold any.
  func names() throws -> [String] {
    guard let directory = opendir(path) else {
      if errno == ENOENT { return [] }
      throw PrivateFiles.Failure("read", path)
    }
    defer { closedir(directory) }
    var result: [String] = []
    while let entry = readdir(directory) {
      let name = Self.name(of: entry)
      if Self.isName(name) && isEnrolled(name) { result.append(name) }
    }
    return result.sorted()
  }

  /// A directory entry's name.
  static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
    // Safe: the name ends with a zero inside the entry's own array.
    withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
  }

  /// What option or variable name; nil if neither does.
  ///
  /// - Throws: a usage failure for what cannot be a name.
  static func named(option: String?, variable: (String) -> String?) throws -> String? {
    try (option ?? variable("COUNTERSIGN_PROFILE").flatMap { $0.isEmpty ? nil : $0 }).map(checked)
  }

  /// The profile that a command works with: the chosen one, or the only one beside it if its enrolment never succeeded.
  func meant(option: String?, variable: (String) -> String?) throws -> String {
    let name = try choose(option: option, variable: variable)
    guard let other = try instead(of: name, option: option, variable: variable), isUnfinished(name) else { return name }
    return other
  }

  private func isUnfinished(_ name: String) -> Bool {
    // One that cannot be read is meant all the same: whoever opens it says what is wrong with it.
    (try? Profile.isEnrolmentUnfinished(at: path(of: name), environment: .live())) ?? false
  }

  /// The profile that was named by option or variable, else the only one, else `default`.
  func choose(option: String?, variable: (String) -> String?) throws -> String {
    if let name = try Self.named(option: option, variable: variable) { return name }
    if isEnrolled(Self.defaultName) { return Self.defaultName }
    let names = try names()
    guard names.count > 1 else { return names.first ?? Self.defaultName }
    throw CommandFailure(
      .usage, "which_profile", "There are several profiles: \(names.joined(separator: ", ")).",
      remedy: "Say which one by --profile, or set COUNTERSIGN_PROFILE.")
  }

  /// The profile that is meant where the chosen one turned out to be unfinished: the only other one, if none was named.
  func instead(of chosen: String, option: String?, variable: (String) -> String?) throws -> String? {
    guard try Self.named(option: option, variable: variable) == nil else { return nil }
    let others = try names().filter { $0 != chosen }
    return others.count == 1 ? others.first : nil
  }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix(".")
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }

  static func checked(_ name: String) throws -> String {
    guard isName(name) else {
      throw CommandFailure(
        .usage, "profile_name", "\(SafeText.line(name)) cannot be a profile's name.",
        remedy: "Use up to 64 letters, digits, dots, hyphens and underscores, and no dot at the beginning.")
    }
    return name
  }

  /// Stores and locks need a path that stays the same.
  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }
}

extension ProfileOptions {
  /// Opens the profile that is meant. An enrolment that never succeeded is not in the way of the one that did.
  func open(in shell: Shell) throws -> Profile {
    let directory = try ProfileDirectory(variable: shell.variable)
    let name = try directory.meant(option: profile, variable: shell.variable)
    return try Profile.open(at: directory.path(of: name), name: name, environment: .live()) { try Passphrase.ask(in: shell) }
  }

  /// The same for what only reads: before the first sync it says so, instead of answering that there is nothing.
  ///
  /// - Throws: exit code 10 if nothing was fetched yet.
  func openFetched(in shell: Shell) throws -> Profile {
    let profile = try open(in: shell)
    guard try !profile.hasFetched() else { return profile }
    throw CommandFailure.nothingFetched(in: shell)
  }
}

extension CommandFailure {
  static func nothingFetched(in shell: Shell) -> CommandFailure {
    CommandFailure(.noCache, "no_cache", "Nothing was fetched yet; run `\(shell.typed("sync"))`.")
  }
}

/// The passphrase of a sealed profile.
enum Passphrase {
  static let variable = "COUNTERSIGN_PASSPHRASE"

  static func ask(in shell: Shell) throws -> String {
    if let given = shell.given(variable) { return given }
    guard shell.canAsk, let typed = shell.askSecret("Passphrase: ") else {
      throw ClientError(
        .wrongPassphrase, "This profile is sealed by a passphrase.", remedy: "Use a terminal, or set \(variable).")
    }
    return typed
  }

  /// Asks for a new one, twice.
  static func choose(in shell: Shell) throws -> String {
    if let given = shell.given(variable) { return given }
    guard shell.canAsk, let first = shell.askSecret("New passphrase: "), let second = shell.askSecret("Again: ") else {
      throw CommandFailure(
        .usage, "passphrase_missing", "There is no terminal to ask for a passphrase.", remedy: "Set \(variable).")
    }
    guard first == second, !first.isEmpty else {
      throw CommandFailure(.cancelled, "passphrase_differs", "The two differ or are empty; nothing was changed.")
    }
    return first
  }
}

/// Ends the process; its buffers have been written.
func exitNow(_ code: Int32) -> Never { _exit(code) }
