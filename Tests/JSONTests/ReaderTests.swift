import Foundation
import JSON
import Testing

@Suite struct JSONReaderTests {
  private struct Router: Codable, Equatable {
    var name: String
    var asn: UInt32
    var loss: Double?
    var isHub = false
    var peers: [String: [Int]] = [:]
  }

  private func read<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONReader().read(type, from: Array(text.utf8))
  }

  @Test func aValue() throws {
    let text =
      #"{"peers": {"a": [1, -2], "b": []}, "isHub": true, "name": "fra \"1\" é", "asn": 65001, "more": [{}]}"#
    let router = Router(name: "fra \"1\" é", asn: 65001, isHub: true, peers: ["a": [1, -2], "b": []])
    #expect(try read(text) == router)
    #expect(
      try read(#"{"name": "r", "asn": 1, "loss": null, "isHub": false, "peers": {}}"#)
        == Router(name: "r", asn: 1))
  }

  @Test(
    arguments: [
      ("1", 1), ("-0", 0), ("1.0", 1), ("1e2", 100), ("12e-1", nil),
      ("-3.9509343956734964e+17", -395_093_439_567_349_640), ("1200e-2", 12), ("0e999999999999", 0),
      ("1.5", nil),
      ("9223372036854775807", .max),
      ("9223372036854775808", nil), ("1e400", nil), ("true", nil), ("\"1\"", nil), ("null", nil),
    ] as [(String, Int?)])
  func wholeNumbers(_ text: String, _ expected: Int?) {
    #expect((try? read(text, as: Int.self)) == expected)
    #expect((try? JSONDecoder().decode(Int.self, from: Data(text.utf8))) == expected)
  }

  @Test(arguments: ["256", "-1", "0", "255", "2.55e2", "-0.0"])
  func smallNumbers(_ text: String) {
    #expect(
      (try? read(text, as: UInt8.self)) == (try? JSONDecoder().decode(UInt8.self, from: Data(text.utf8))))
  }

  @Test(arguments: [
    "", " ", "{", "}", "[,1]", "{a:1}", "{\"a\" 1}", "[1 2]", "01", "-", "+1", ".5",
    "1.", "1e", "tru", "nul",
    "\"", "\"\\x\"", "\"\\u12\"", "\"\u{1}\"", "\"a\nb\"", "1 2", "[1]]", "\"\\ud800\"", "\"\\udc00x\"",
    "'a'", "NaN", "Infinity",
    "{\"a\":1 \"b\":2}", "[\"a\":1]", "/**/1", "\u{A0}1",
  ])
  func noJSON(_ text: String) {
    #expect(throws: DecodingError.self) { try read(text, as: Tree.self) }
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Tree.self, from: Data(text.utf8)) }
  }

  /// Foundation takes these.
  @Test(arguments: ["[1,]", "{\"a\":1,}"]) func noCommaStandsBeforeTheEnd(_ text: String) {
    #expect(throws: DecodingError.self) { try read(text, as: Tree.self) }
  }

  @Test func levels() throws {
    let deepest =
      String(repeating: "[", count: JSONReader.deepest) + String(repeating: "]", count: JSONReader.deepest)
    _ = try read(deepest, as: Nested.self)
    #expect(throws: DecodingError.self) { try read("[\(deepest)]", as: Nested.self) }
  }

  /// A list of itself.
  private struct Nested: Decodable {
    let inner: [Nested]
    init(from decoder: any Decoder) throws {
      var items = try decoder.unkeyedContainer()
      inner = items.isAtEnd ? [] : [try items.decode(Nested.self)]
    }
  }

  @Test(arguments: [
    (#"{"asn": 1}"#, "name", "keyNotFound"), (#"{"name": 7, "asn": 1}"#, "name", "typeMismatch"),
    (#"{"name": null, "asn": 1}"#, "name", "valueNotFound"),
    (#"{"name": "r", "asn": -1}"#, "asn", "dataCorrupted"),
    (#"{"name": "r", "asn": 1, "isHub": true, "peers": {"x": [1, "2"]}}"#, "peers.x.Index 1", "typeMismatch"),
  ])
  func errorsNameThePlace(_ text: String, _ place: String, _ kind: String) throws {
    let error = try #require(throws: DecodingError.self) { try read(text, as: Router.self) }
    let (found, path): (String, [any CodingKey]) =
      switch error {
      case .keyNotFound(let key, let context): ("keyNotFound", context.codingPath + [key])
      case .typeMismatch(_, let context): ("typeMismatch", context.codingPath)
      case .valueNotFound(_, let context): ("valueNotFound", context.codingPath)
      case .dataCorrupted(let context): ("dataCorrupted", context.codingPath)
      @unknown default: ("", [])
      }
    #expect(found == kind && path.map(\.stringValue).joined(separator: ".") == place)
  }

  /// An output that was cut in the middle of a character.
  @Test func brokenTextIsRepairedWhereThatIsWanted() throws {
    let cut = Array("[\"a".utf8) + [0xC3] + Array("\", \"\\ud83d\", \"\\ude00 \\ud83d\\ude00\"]".utf8)
    #expect(try JSONReader(brokenText: .repaired).read(from: cut) == ["a\u{FFFD}", "\u{FFFD}", "\u{FFFD} 😀"])
    #expect(throws: DecodingError.self) { try JSONReader().read([String].self, from: cut) }
  }

  @Test(arguments: [2, 9, 20])
  func ofTwoMembersWithOneNameTheFirstCounts(_ count: Int) throws {
    let others = (0..<count).map { "\"k\($0)\": 0" }.joined(separator: ", ")
    let text = "{\"a\": 1, \(others), \"a\": 2}"
    #expect(try read(text, as: [String: Int].self)["a"] == 1)
    #expect(try JSONDecoder().decode([String: Int].self, from: Data(text.utf8))["a"] == 1)
  }

  @Test func namesAreEqualWhereTheirCharactersAre() throws {
    #expect(try read("{\"e\u{301}\": 1, \"\\u0066\": 2}", as: [String: Int].self) == ["\u{E9}": 1, "f": 2])
  }
}
