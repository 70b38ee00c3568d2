// What a person writes in an editor is not lost when nothing comes of it.
import Glibc
import Testing

@testable import ClientCore
@testable import countersign

extension TerminalTests {
  @Suite struct TextEditorTests {
    private func shell(_ folder: TemporaryFolder, _ variables: [String: String]) -> Shell {
      let all = variables.merging(["TMPDIR": folder.path]) { own, _ in own }
      return Shell.sample(variables: all, terminal: Terminal(isInput: true, isOutput: true, isError: true))
    }

    /// An editor that leaves this text, in the words of printf.
    private func leaving(_ text: String) -> String { #"sh -c 'printf "\#(text)" > "$1"' sh"# }

    private func files(in folder: TemporaryFolder) -> [String] {
      guard let directory = opendir(folder.path) else { return [] }
      defer { closedir(directory) }
      var names: [String] = []
      while let entry = readdir(directory) { names.append(ProfileDirectory.name(of: entry)) }
      return names.filter { $0 != "." && $0 != ".." }
    }

    @Test func `a text of which a change was made leaves no file, one of which none was made stays`() throws {
      let cases: [(mutations: [String], count: Int)] = [(["m"], 0), ([], 1)]
      for (mutations, count) in cases {
        let folder = try TemporaryFolder()
        let shell = shell(folder, ["VISUAL": leaving("new words")])
        var written = ""
        _ = try TextEditor.edit("old words", shell: shell) { text in
          written = text
          return ChangeReport(mutations: mutations, results: [])
        }
        #expect(written == "new words" && files(in: folder).count == count)
        #expect(shell.errors.kept.contains("What you wrote is kept in \(folder.path)/countersign-") == (count == 1))
      }
    }

    @Test func `a text that a change fails of stays, and so does one that is no text`() throws {
      let folder = try TemporaryFolder()
      let failing = shell(folder, ["VISUAL": leaving("new words")])
      #expect(throws: ClientError(.badInput, "")) {
        try TextEditor.edit("", shell: failing) { _ in throw ClientError(.badInput, "It is too long.") }
      }
      let name = try #require(files(in: folder).first)
      #expect(String(decoding: try FileBytes.read(folder.path + "/" + name), as: UTF8.self) == "new words")
      let other = try TemporaryFolder()
      let failure = #expect(throws: CommandFailure.self) {
        try TextEditor.edit("", shell: shell(other, ["VISUAL": leaving(#"a\377b"#)])) { _ in
          ChangeReport(mutations: ["m"], results: [])
        }
      }
      #expect(failure?.exit == 64 && files(in: other).count == 1)
    }

    @Test func `an editor that fails or changes nothing leaves nothing behind`() throws {
      for editor in ["true", "false"] {
        let folder = try TemporaryFolder()
        let failure = #expect(throws: CommandFailure.self) {
          try TextEditor.edit("old words", shell: shell(folder, ["VISUAL": editor])) { _ in
            ChangeReport(mutations: ["m"], results: [])
          }
        }
        #expect(failure?.exit == 3 && files(in: folder).isEmpty)
      }
    }

    @Test func `a variable that is set to nothing names no editor`() throws {
      let folder = try TemporaryFolder()
      var written = ""
      _ = try TextEditor.edit("", shell: shell(folder, ["VISUAL": "", "EDITOR": leaving("by the other")])) { text in
        written = text
        return ChangeReport(mutations: ["m"], results: [])
      }
      #expect(written == "by the other")
    }
  }
}
