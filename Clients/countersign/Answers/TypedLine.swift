// Lines that a person is told to type. Typed as they are printed they are accepted: words are quoted for a shell, and the
// profile that was named is named again.

/// One such line.
struct TypedLine {
  let words: [String]

  /// - Parameter profile: the profile that the command at hand was given by name.
  func text(profile: String?) -> String {
    let named = profile.map { takesProfile ? ["--profile", $0] : [] } ?? []
    return (["countersign"] + words + named).map(Self.quoted).joined(separator: " ")
  }

  /// Commands about profiles, and those that need none, have no such option.
  private var takesProfile: Bool {
    guard let command = words.first else { return false }
    return !["help", "man", "completions"].contains(command) && (command != "profiles" || words.dropFirst().first == "set-url")
  }

  /// A word as a shell reads it.
  static func quoted(_ word: String) -> String {
    let plain = Set("-_.,:/@%+=".unicodeScalars)
    func isPlain(_ scalar: Unicode.Scalar) -> Bool {
      plain.contains(scalar) || (scalar.isASCII && scalar.properties.isAlphabetic) || ("0"..."9").contains(scalar)
    }
    if !word.isEmpty && word.unicodeScalars.allSatisfy(isPlain) { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

extension Shell {
  /// A line to be typed: the words of a command, the profile left out.
  func typed(_ words: String...) -> String { typed(words) }

  /// - Parameter profile: the one to name, if it is not the one that the command at hand was given.
  func typed(_ words: [String], profile: String? = nil) -> String {
    TypedLine(words: words).text(profile: profile ?? profileName)
  }
}
