// Import files: faults as lines that editors jump to, and media beside the file.
import Glibc
import Testing

@testable import ClientCore
@testable import countersign

@Suite struct ImportSourceTests {
  private func post(_ media: [String]) -> ImportFile.Post { ImportFile.Post(platform: "x", text: "t", media: media) }

  private func batch(_ posts: [ImportFile.Post]) -> ImportFile {
    ImportFile(campaign: "c", items: [ImportFile.Item(theme: "t", canonical: "m", posts: posts)])
  }

  @Test func `a fault is file, line, path and problem`() {
    let fault = ImportFault(line: 12, path: "items[2].posts[0].platform", problem: "there is no platform \"y\u{1B}\"")
    #expect(
      ImportSource.line(fault, file: "a/b.json")
        == "a/b.json:12: items[2].posts[0].platform: there is no platform \"y‹U+001B›\"")
    #expect(ImportSource.line(ImportFault(line: 1, path: "", problem: "no JSON"), file: "b") == "b:1: no JSON")
  }

  @Test func `a CSV file needs the name of a campaign`() throws {
    let failure = #expect(throws: CommandFailure.self) { try ImportSource(path: "a.CSV", campaign: nil) }
    #expect(failure?.exit == 64)
    _ = try ImportSource(path: "a.csv", campaign: "Spring")
    _ = try ImportSource(path: "a.json", campaign: nil)
  }

  @Test func `kinds go by the ending`() {
    #expect(ImportSource.kind(of: "A.JPG") == "image/jpeg")
    #expect(ImportSource.kind(of: "film.a.mp4") == "video/mp4")
    #expect(ImportSource.kind(of: "noending") == nil)
    #expect(ImportSource.kind(of: "a.exe") == nil)
  }

  @Test func `every medium that is not right is named, and nothing is taken`() throws {
    let source = try ImportSource(path: "/nowhere/b.json", campaign: nil)
    let names = ["../a.jpg", "/etc/passwd", ".hidden.jpg", "a.exe", "missing.jpg"]
    let failure = #expect(throws: CommandFailure.self) { try source.media(of: batch([post(names)])) }
    #expect(failure?.details.count == names.count)
    #expect(
      failure?.details.last == "/nowhere/b.json: items[0].posts[0].media: missing.jpg does not lie beside the import file")
    #expect(failure?.exit == 64)
  }

  @Test func `a medium is measured once, by digest, size and kind`() throws {
    let folder = try TemporaryFolder()
    try FileBytes.write(folder.path + "/a.jpg", Array("abc".utf8))
    let source = try ImportSource(path: folder.path + "/b.json", campaign: nil)
    let media = try source.media(of: batch([post(["a.jpg"]), post(["a.jpg"])]))
    #expect(media.count == 1)
    #expect(media["a.jpg"]?.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(media["a.jpg"]?.size == 3)
    #expect(media["a.jpg"]?.kind == "image/jpeg")
  }
}

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/countersign-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CommandFailure(.failure, "test", "There is no temporary folder.") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { remove(path) }

  private func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = ProfileDirectory.name(of: entry)
        if name != "." && name != ".." { remove(path + "/" + name) }
      }
      closedir(directory)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
