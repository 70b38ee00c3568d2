// What the person's own programs are given: their arguments, and every variable but the secret one.
import Testing

@testable import countersign

extension TerminalTests {
  @Suite struct ChildProgramTests {
    @Test func `editor and pager get every variable but the passphrase`() {
      let variables = ["PATH=/usr/bin:/bin", "COUNTERSIGN_PASSPHRASE=words to remember", "COUNTERSIGN_HOME=here"]
      let list = variables.map { Array($0.utf8CString) }
      func code(_ script: String) -> Int32? { ChildProgram.run(script, variables: list) }
      #expect(code("test -z \"${COUNTERSIGN_PASSPHRASE+set}\"") == 0)
      #expect(code("test here = \"$COUNTERSIGN_HOME\"") == 0)
      #expect(code("! env | grep remember") == 0)
    }

    @Test func `a program gets its arguments and the variables of this one`() {
      #expect(ChildProgram.run("test -n \"$PATH\" && test a =", arguments: ["a"]) == 0)
      #expect(ChildProgram.run("exit 3; :") == 3)
    }
  }
}
