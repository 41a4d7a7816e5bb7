import Testing

@testable import SharedFiles

@Suite struct StoredNameTests {
  @Test(arguments: [
    ("m.pt", "models/m.pt"), ("models/m.pt", "models/m.pt"), ("models/a/b.pt", "models/a/b.pt"),
    ("a b+é.pt", "models/a b+é.pt"), ("inputs/x", "models/inputs/x"), ("..a/b..", "models/..a/b.."),
    ("100%", "models/100%"), ("50%25", "models/50%25"), ("models", "models/models"),
  ])
  func aName(text: String, path: String) throws {
    #expect(try StoredName(text, in: .models).description == path)
  }

  @Test func aKnownFolder() throws {
    #expect(try StoredName("inputs/x", in: .models, orIn: [.inputs]).description == "inputs/x")
    #expect(try StoredName("outputs/x", in: .models, orIn: [.inputs]).description == "models/outputs/x")
  }

  /// A slash with an accent behind it is one character for Swift, and a slash for the file system: until names were read by
  /// bytes the last five were taken.
  @Test(arguments: [
    "", ".", "..", "/", "/etc/passwd", "../x", "a/../b", "a/..", "a//b", "a/", "./a", "a\0b", "..\0",
    "%2e%2e/x", "..%2fx", "%2Fetc", "%252e%252e%252fx", "a%00", ".ingest-1",
    "a/.ingest-1/b", "/\u{301}x", "..//\u{301}x", "../\u{301}x", "a/../\u{301}x", ".ingest-\u{301}x",
  ])
  func noName(text: String) { #expect(throws: BadName.self) { try StoredName(text, in: .models) } }

  @Test func partsAreAsLongAsAFileSystemTakes() throws {
    let longest = String(repeating: "é", count: 127) + "x"
    #expect(try StoredName(longest, in: .models).parts[1].utf8.count == 255)
    #expect(throws: BadName.self) { try StoredName(longest + "x", in: .models) }
    #expect(throws: BadName.self) {
      try StoredName(Array(repeating: "abc", count: 300).joined(separator: "/"), in: .models)
    }
  }

  /// As `uuid.uuid5(uuid.NAMESPACE_URL, path)` of Python has it.
  @Test func anID() {
    #expect(FileID.of(path: "/mnt/efs/models/m.pt") == "4abe115d-b867-541b-8121-90badb9aaeed")
    #expect(FileID.of(path: "/mnt/efs/inputs/é") == "21e8136d-6b94-5bd8-839c-9daa6db76a18")
  }

  @Test(
    arguments: [
      ("a+b%C3%A9.pt", "a bé.pt"), ("%2E%2e%2F", "../"), ("", ""), ("%41", "A"), ("%zz", nil), ("%4", nil),
      ("%", nil),
      ("%+1", nil), ("%-0", nil), ("%ff", nil),
    ] as [(String, String?)])
  func aFormsText(text: String, decoded: String?) { #expect(FormEncoding.decoded(text) == decoded) }
}
