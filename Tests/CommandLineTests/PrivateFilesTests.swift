// Files, locks and pokes of a profile, and which profile a command means.
import ClientCore
import Dispatch
import Glibc
import Testing

@testable import countersign

@Suite struct PrivateFilesTests {
  private func mode(_ path: String) -> mode_t {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & 0o777 : 0
  }

  @Test func `folders and files are private`() throws {
    let folder = try TemporaryFolder()
    let files = PrivateFiles()
    try files.makeDirectory(folder.path + "/a/b")
    try files.makeDirectory(folder.path + "/a/b")
    try files.write(folder.path + "/a/b/identity", [1, 2, 3])
    #expect(mode(folder.path + "/a") == 0o700)
    #expect(mode(folder.path + "/a/b") == 0o700)
    #expect(mode(folder.path + "/a/b/identity") == 0o600)
  }

  @Test func `a file is replaced whole and leaves nothing behind`() throws {
    let folder = try TemporaryFolder()
    let files = PrivateFiles()
    let path = folder.path + "/f"
    #expect(try files.read(path) == nil)
    try files.write(path, [UInt8](repeating: 7, count: 100_000))
    try files.write(path, [1])
    #expect(try files.read(path) == [1])
    #expect(files.exists(path))
    try files.remove(path)
    try files.remove(path)
    #expect(!files.exists(path))
    #expect(rmdir(folder.path) == 0)
  }

  @Test func `what cannot be written is said with the path`() {
    let failure = #expect(throws: PrivateFiles.Failure.self) { try PrivateFiles().write("/proc/nowhere/f", [1]) }
    #expect(failure?.description.contains("/proc/nowhere/f") == true)
  }

  @Test func `a lock has one holder at a time`() throws {
    let folder = try TemporaryFolder()
    let files = PrivateFiles()
    let first = try #require(try files.tryLock(folder.path + "/lock"))
    #expect(try files.tryLock(folder.path + "/lock") == nil)
    first.unlock()
    first.unlock()
    let second = try #require(try files.tryLock(folder.path + "/lock"))
    second.unlock()
  }

  @Test func `a lock can be waited for`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lock"
    let first = try #require(try PrivateFiles().tryLock(path))
    async let second = withCheckedContinuation { (continuation: CheckedContinuation<(any ProfileLock)?, Never>) in
      DispatchQueue(label: "waiter").async { continuation.resume(returning: try? PrivateFiles().lock(path)) }
    }
    #expect(try PrivateFiles().tryLock(path) == nil)
    first.unlock()
    let taken = await second
    let held = try #require(taken)
    #expect(try PrivateFiles().tryLock(path) == nil)
    held.unlock()
    #expect(try PrivateFiles().tryLock(path) != nil)
  }

  @Test func `whoever looks at a lock is in nobody's way`() throws {
    let folder = try TemporaryFolder()
    let files = PrivateFiles()
    let path = folder.path + "/lock"
    #expect(try !files.isLocked(path))
    let lock = try #require(try files.tryLock(path))
    #expect(try files.isLocked(path))
    #expect(try files.isLocked(path))
    #expect(try files.tryLock(path) == nil)
    lock.unlock()
    #expect(try !files.isLocked(path))
    #expect(try files.tryLock(path) != nil)
  }

  @Test func `a poke reaches whoever listens, and says when nobody does`() async throws {
    let folder = try TemporaryFolder()
    let files = PrivateFiles()
    let path = folder.path + "/poke"
    #expect(!files.poke(path))
    try files.write(path, [1])
    #expect(!files.poke(path))
    var pokes: AsyncStream<Void>? = try files.pokes(path)
    var iterator = pokes?.makeAsyncIterator()
    #expect(files.poke(path))
    #expect(await iterator?.next() != nil)
    iterator = nil
    pokes = nil
  }
}

@Suite struct ProfileDirectoryTests {
  private func directory(_ variables: [String: String]) throws -> ProfileDirectory {
    try ProfileDirectory(variable: { variables[$0] })
  }

  @Test func `the folder goes by COUNTERSIGN_HOME, then by XDG, then by HOME`() throws {
    #expect(try directory(["COUNTERSIGN_HOME": "/a", "XDG_DATA_HOME": "/b", "HOME": "/c"]).path == "/a")
    #expect(try directory(["XDG_DATA_HOME": "/b", "HOME": "/c"]).path == "/b/countersign")
    #expect(try directory(["XDG_DATA_HOME": "relative", "HOME": "/c"]).path == "/c/.local/share/countersign")
    #expect(try directory(["COUNTERSIGN_HOME": "here", "HOME": "/c"]).path.hasPrefix("/"))
    #expect(throws: CommandFailure.self) { try directory([:]) }
  }

  @Test func `the profile is the named one, the only one, or default`() throws {
    let folder = try TemporaryFolder()
    let directory = try directory(["COUNTERSIGN_HOME": folder.path])
    func choose(_ option: String?, _ variables: [String: String] = [:]) throws -> String {
      try directory.choose(option: option, variable: { variables[$0] })
    }
    #expect(try choose(nil) == "default")
    #expect(try choose("a", ["COUNTERSIGN_PROFILE": "b"]) == "a")
    #expect(try choose(nil, ["COUNTERSIGN_PROFILE": "b"]) == "b")
    try enrol("one", in: folder)
    #expect(try choose(nil) == "one")
    try enrol("two", in: folder)
    #expect(try directory.names() == ["one", "two"])
    #expect(throws: CommandFailure.self) { try choose(nil) }
    try enrol("default", in: folder)
    #expect(try choose(nil) == "default")
  }

  @Test func `beside an unfinished profile the only other one is meant, unless one was named`() throws {
    let folder = try TemporaryFolder()
    let directory = try directory(["COUNTERSIGN_HOME": folder.path])
    func instead(_ option: String? = nil, _ variables: [String: String] = [:]) throws -> String? {
      try directory.instead(of: "default", option: option, variable: { variables[$0] })
    }
    try enrol("default", in: folder)
    #expect(try instead() == nil)
    try enrol("practice", in: folder)
    #expect(try instead() == "practice" && instead("default") == nil)
    #expect(try instead(nil, ["COUNTERSIGN_PROFILE": "default"]) == nil)
    #expect(try instead(nil, ["COUNTERSIGN_PROFILE": ""]) == "practice")
    try enrol("third", in: folder)
    #expect(try instead() == nil)
  }

  @Test(arguments: ["", "..", ".hidden", "a/b", "a b", "ä", String(repeating: "a", count: 65)])
  func `a name that leads elsewhere is refused`(name: String) {
    #expect(throws: CommandFailure.self) { try ProfileDirectory.checked(name) }
  }

  @Test func `a tenant's name makes a profile's name`() {
    #expect(EnrolCommand.slug("Praxis am Park") == "praxis-am-park")
    #expect(EnrolCommand.slug("Dr. Müller & Söhne") == "dr-m-ller-s-hne")
  }

  private func enrol(_ name: String, in folder: TemporaryFolder) throws {
    try PrivateFiles().makeDirectory(folder.path + "/" + name)
    try PrivateFiles().write(folder.path + "/" + name + "/identity", [1])
  }
}
