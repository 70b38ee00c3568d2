// Measures what people wait for, with the real programs, and prints it beside the machine's own limits.
// README.md in this folder says what each line means.
import Foundation
import ProcessHarness

@main
struct Bench {
  static func main() async {
    do {
      let posts = ProcessInfo.processInfo.environment["BENCH_POSTS"].flatMap(Int.init) ?? 10_000
      var table = Table()
      try Limits.measure(into: &table)
      try await Workloads.measure(posts: posts, into: &table)
      print(table.text)
      let path = ".build/bench.json"
      try table.json.write(toFile: path, atomically: true, encoding: .utf8)
      print("written to \(path)")
    } catch {
      FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
      exit(1)
    }
  }
}
