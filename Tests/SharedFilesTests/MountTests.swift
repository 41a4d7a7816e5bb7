import Foundation
import Glibc
import Testing

@testable import SharedFiles

@Suite struct MountTests {
  private let place: Place

  init() throws { place = try Place() }

  private func name(_ text: String, in folder: StoredName.Folder = .models) throws -> StoredName {
    try StoredName(text, in: folder)
  }

  private func kind(_ body: () async throws -> Void) async -> MountError.Kind? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? MountError)?.kind
    }
  }

  /// Outside the mount there is a file that nobody may read, and a folder that nobody may write to.
  private func outside() throws -> String {
    let outside = URL(fileURLWithPath: place.folder).deletingLastPathComponent().appendingPathComponent(
      "outside"
    ).path
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    try Data("secret".utf8).write(to: URL(fileURLWithPath: outside + "/secret"))
    return outside
  }

  @Test func noLinkLeadsOutside() async throws {
    let outside = try outside()
    try place.write("models/x", [])
    for (link, target) in [
      ("models/file", "\(outside)/secret"), ("models/folder", outside), ("inputs", outside),
    ] {
      symlink(target, "\(place.folder)/\(link)")
    }
    for text in ["file", "folder/secret", "folder/new"] {
      let read = await kind { _ = try place.mount.open(name(text)) }
      #expect(read == .notAFile, "\(text)")
    }
    let written = await kind { try await place.mount.write(name("folder/new")) { _ in .replacing } }
    #expect(written == .notAFile)
    let root = await kind { try await place.mount.write(name("new", in: .inputs)) { _ in .replacing } }
    #expect(root == .notAFile)
    // The link's own place is within the mount: it is replaced, not followed.
    try await place.mount.write(name("file")) { file in
      try file.append([1])
      return .replacing
    }
    #expect(place.read("models/file") == [1])
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["secret"])
    #expect(FileManager.default.contents(atPath: outside + "/secret") == Data("secret".utf8))
  }

  @Test func whatIsNoFileIsNotRead() async throws {
    try place.write("models/folder/x", [])
    mkfifo("\(place.folder)/models/pipe", 0o644)
    for text in ["folder", "pipe", "folder/x/y"] {
      let kind = await kind { _ = try place.mount.open(name(text)) }
      #expect(kind == .notAFile, "\(text)")
    }
  }

  @Test func noMount() async throws {
    let mount = Mount(path: place.folder + "/none", clock: place.clock.clock(), random: { 1 })
    let kind = await kind { _ = try mount.open(name("x")) }
    #expect(kind == .mount)
  }

  /// What is thrown while a file is written leaves nothing behind.
  @Test func aFailureLeavesNothing() async throws {
    struct Broken: Error {}
    await #expect(throws: Broken.self) {
      try await place.mount.write(name("a/b")) { file in
        try file.append([1, 2, 3])
        throw Broken()
      }
    }
    #expect(place.files == [])
  }

  @Test func aNewFileDoesNotReplace() async throws {
    try place.write("models/x", [1])
    let kind = await kind {
      try await place.mount.write(name("x")) { file in
        try file.append([2])
        return .new
      }
    }
    #expect(kind == .exists && place.read("models/x") == [1] && place.files == ["models/x"])
  }

  /// What an invocation has left that Lambda ended is taken away by the next process; what is being written is not.
  @Test func leftovers() async throws {
    let (old, young) = ("models/.ingest-old", "models/.ingest-young")
    try place.write(old, [1])
    try place.write(young, [1])
    let now = place.clock.clock().wall().seconds
    for (file, age) in [(old, 1000.0), (young, 800.0)] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: now - age)], ofItemAtPath: "\(place.folder)/\(file)")
    }
    try await place.mount.write(name("x")) { _ in .replacing }
    #expect(place.files == [young, "models/x"])
  }

  /// NFS says so where another machine has replaced what is open here.
  @Test func aFileThatIsReplacedWhileItIsRead() throws {
    try place.write("models/x", [1])
    var openings = 0
    let size = try place.mount.reading(name("x")) { file throws(MountError) -> Int in
      openings += 1
      if openings < 3 { throw MountError(.replaced, "x", code: ESTALE) }
      return try file.size()
    }
    #expect(size == 1 && openings == 3)
    openings = 0
    #expect(throws: MountError.self) {
      try place.mount.reading(name("x")) { _ throws(MountError) in
        openings += 1
        throw MountError(.replaced, "x", code: ESTALE)
      }
    }
    #expect(openings == 5)
  }

  @Test func aListing() throws {
    #expect(try place.mount.files(in: .outputs, atMost: 10) == [])
    for name in ["b", "a", "folder/c", ".ingest-1"] { try place.write("outputs/\(name)", [1, 2]) }
    symlink("/etc/passwd", "\(place.folder)/outputs/link")
    #expect(
      try place.mount.files(in: .outputs, atMost: 10)
        == [ListedFile(name: "a", sizeBytes: 2), ListedFile(name: "b", sizeBytes: 2)])
    #expect(try place.mount.files(in: .outputs, atMost: 1).map(\.name) == ["a"])
  }
}
