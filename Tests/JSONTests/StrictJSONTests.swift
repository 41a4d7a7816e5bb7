import Foundation
import Testing
import FleetTesting

@testable import JSON

@Suite struct StrictJSONTests {
  private func flaw(_ bytes: [UInt8]) -> String? {
    var reader = StrictJSON(bytes, maximumValues: 1000)
    do throws(JSONFlaw) {
      try reader.check()
      return nil
    } catch {
      return error.description
    }
  }

  private func kept(_ text: String, _ names: Set<String>) throws -> String {
    var reader = StrictJSON(Array(text.utf8), maximumValues: 10)
    return String(decoding: try reader.object(keeping: names), as: UTF8.self)
  }

  @Test(arguments: [
    "{}", "[]", " [ 1 , -0.5e+10 , 1E9, 0 ] ", "-2e513",
    #"{"a":{"a":[{"a":1},{"a":2}]},"b":"ü\u00fc\ud83d\ude00\n\/"}"#, "true", "null",
    #""half \ud83d pair""#, #"{"":1}"#, #"{"a":1,"A":2,"á":3,"a\u0301":4}"#, "\t\r\n1",
  ])
  func right(text: String) { #expect(flaw(Array(text.utf8)) == nil) }

  @Test(arguments: [
    "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"a\":}", "01", "-", "1.", ".5", "1e",
    "+1", "tru", "nulll",
    "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"\u{1}\"", "[1 2]", "{} {}", "\u{FEFF}{}", "'a'", "NaN",
    "[1}", "{\"a\":1]",
    #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"\ud83d\ude00":1,"😀":2}"#, #"[{"x":{"b":1,"a":2,"b":3}}]"#,
    #"{"":1,"":2}"#, #"{"a\nb":1,"a\u000ab":1}"#,
  ])
  func wrong(text: String) { #expect(flaw(Array(text.utf8)) != nil) }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xE2, 0x82],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func noUTF8(bytes: [UInt8]) {
    #expect(flaw([0x22] + bytes + [0x22])?.contains("no UTF-8") == true)
    #expect(flaw([0x22] + bytes) != nil)
  }

  /// Every scalar passes, and Foundation's parser and ours say the same of changed texts.
  @Test func likeFoundation() throws {
    for scalar in [0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF] as [UInt32] {
      let text = Unicode.Scalar(scalar).map { "\"\($0)\"" } ?? ""
      #expect(flaw(Array(text.utf8)) == nil)
    }
    var random = SeededGenerator("strict JSON")
    let seed = Array(#"{"a":[1,-2.5e3,"x\u00e9ü",true,null],"b":{"c":{},"d":[]},"e":""}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = seed.randomElement(using: &random) ?? 0
      }
      let isRight = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
      let (text, flaw) = (String(decoding: bytes, as: UTF8.self), flaw(bytes))
      // It takes a name twice, and a comma at the end.
      let isLenient = flaw?.contains("twice") == true || text.contains(",]") || text.contains(",}")
      let isStricter = flaw == nil && Self.hasWhatFoundationRefuses(text)
      #expect(
        isRight == (flaw == nil) || isLenient && flaw != nil || isStricter && !isRight,
        "\(text): \(flaw ?? "right")")
    }
  }

  /// It has no place for a number beyond a Double's range, nor for half a surrogate pair; RFC 8259 lets both be (6, 8.2).
  private static func hasWhatFoundationRefuses(_ text: String) -> Bool {
    text.matches(of: #/-?[0-9.]+e[0-9]+/#).contains { Double($0.output)?.isFinite == false }
      || text.contains(#/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/#)
  }

  @Test func knownMembersAreKept() throws {
    let text = #" {"a" : [1, {"x":2}] , "b":{"a":3},"\u0063":"ü", "d":[1,2,3,4,5,6,7,8,9,10,11]} "#
    #expect(try kept(text, ["a", "c", "z"]) == #"{"a":[1, {"x":2}],"c":"ü"}"#)
    #expect(try kept(text, []) == "{}")
    #expect(throws: JSONFlaw("it holds more than 10 values")) { try kept(text, ["d"]) }
  }

  @Test func namesThatAreAlike() {
    let names = (0..<2000).map { "\"name\($0)\":0" }.joined(separator: ",")
    var reader = StrictJSON(Array("{\(names)}".utf8), maximumValues: 10_000)
    #expect(throws: Never.self) { try reader.check() }
    reader = StrictJSON(Array("{\(names),\"name1234\":1}".utf8), maximumValues: 10_000)
    #expect(throws: JSONFlaw("the name \"name1234\" is there twice in one object")) { try reader.check() }
  }
}
