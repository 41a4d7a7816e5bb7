import AWSClient
import FleetTesting
import Foundation
import Groundwork
import SSMKit
import Testing

@testable import Orchestration

@Suite struct ConfigurationTests {
  private let store = StrictParameters()

  private func configuration() throws -> Configuration {
    try Configuration(in: .virginia, store.service().dependencies(VirtualClock().clock()))
  }

  private func tree(_ text: String) throws -> [String: JSONTree] {
    guard case .object(let members) = try JSONTree(text) else { return [:] }
    return members
  }

  @Test func whatStandsWhere() async throws {
    let configuration = try configuration()
    let dictionary = try tree(
      #"""
      {"db": {"host": "db.example", "port": 5432, "password": "hunter2", "pool": {}},
       "on": true, "off": "true", "none": null, "list": [], "empty": "", "odd key/√": " 1 ", "ref": "{{x}}"}
      """#)
    try await configuration.replace(below: "/app/prod", with: dictionary, .init(tags: ["team": "net"]))
    let kept = store.all
    #expect(
      kept["/app/prod/db/host"]?.values == ["db.example"] && kept["/app/prod/db/port"]?.values == ["5432"])
    #expect(
      kept["/app/prod/db/password"]?.kind == "SecureString" && kept["/app/prod/db/host"]?.kind == "String")
    #expect(kept["/app/prod/off"]?.values == [#""true""#] && kept["/app/prod/empty"]?.values == [#""""#])
    #expect(kept["/app/prod/odd.20key.2F.E2.88.9A"]?.values == [#"" 1 ""#])
    #expect(kept.values.allSatisfy { $0.tags == ["team": "net"] })
    #expect(try await configuration.dictionary(below: "/app/prod") == dictionary)
  }

  /// What is as it should be is not written; what is too much goes, ten a call; what there is keeps its tags.
  @Test func againAndLess() async throws {
    let configuration = try configuration()
    let many = Dictionary(uniqueKeysWithValues: (0..<25).map { ("k\($0)", JSONTree.number("\($0)")) })
    #expect(try await configuration.replace(below: "/a", with: many) == (25, 0))
    #expect(try await configuration.replace(below: "/a", with: many) == (0, 0))
    #expect(
      try await configuration.replace(below: "/a", with: ["k1": .text("x")], .init(tags: ["new": "tag"]))
        == (1, 24))
    #expect(store.all["/a/k1"]?.values == ["1", "x"] && store.all["/a/k1"]?.tags == [:])
    #expect(store.calls.count { $0 == "DeleteParameters" } == 3)
    try await configuration.merge(["more": .null], below: "/a")
    #expect(try await configuration.dictionary(below: "/a") == ["k1": .text("x"), "more": .null])
    #expect(try await configuration.deleteAll(below: "/a") == 2 && store.all.isEmpty)
  }

  /// A prefix is dropped once, not wherever its letters are.
  @Test func thePrefixOnce() async throws {
    let configuration = try configuration()
    let dictionary: [String: JSONTree] = ["app": .object(["app": .text("app")])]
    try await configuration.replace(below: "/app", with: dictionary)
    #expect(store.all["/app/app/app"] != nil)
    #expect(try await configuration.dictionary(below: "/app") == dictionary)
  }

  @Test func aValueThatBecomesASecretAndAPath() async throws {
    let configuration = try configuration()
    try await configuration.replace(below: "/a", with: ["x": .text("1 2"), "y": .text("z")])
    try await configuration.replace(
      below: "/a", with: ["x": .object(["deep": .bool(true)]), "y": .text("z")], .init { _ in true })
    #expect(store.all["/a/y"]?.kind == "SecureString" && store.all["/a/x"] == nil)
    try await configuration.merge(["x": .text("both")], below: "/a")
    let failure = await #expect(throws: ConfigurationFailure.self) {
      try await configuration.dictionary(below: "/a")
    }
    #expect(failure?.description.contains("/a/x/deep") == true)
  }

  /// Everything is looked at before anything is sent.
  @Test(arguments: [
    (#"{"a": "1", "long": "\#(String(repeating: "x", count: 4097))"}"#, "/p", "4096"),
    (#"{"a": "1", "long": "\#(String(repeating: "x", count: 8193))"}"#, "/p", "8192"),
    (#"{"a": 1}"#, "/aws-mine", "aws or ssm"), (#"{"a": 1}"#, "p", "no prefix"),
    (#"{"a": 1}"#, "/p/", "no prefix"),
    (#"{"a": 1}"#, "/p q", "no prefix"),
    (#"{"\#(String(repeating: "√", count: 120))": 1}"#, "/p", "name of"),
    (
      #"{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}}}}}"#, "/p",
      "16 parts"
    ),
  ])
  func refused(_ text: String, _ prefix: String, _ words: String) async throws {
    let configuration = try configuration()
    let dictionary = try tree(text)
    let failure = await #expect(throws: ConfigurationFailure.self) {
      try await configuration.replace(below: prefix, with: dictionary)
    }
    #expect(failure?.description.contains(words) == true && store.calls.isEmpty)
  }

  @Test func longOnesWhereTheyMay() async throws {
    let configuration = try configuration()
    let dictionary: [String: JSONTree] = ["long": .text(String(repeating: "x", count: 5000))]
    try await configuration.replace(below: "/p", with: dictionary, .init(mayBeAdvanced: true))
    #expect(store.all["/p/long"]?.tier == "Advanced")
    #expect(try await configuration.dictionary(below: "/p") == dictionary)
    // An advanced parameter never becomes a standard one again.
    try await configuration.replace(below: "/p", with: ["long": .text("short")])
    #expect(try await configuration.dictionary(below: "/p") == ["long": .text("short")])
  }

  @Test func singleParameters() async throws {
    let store = try configuration().parameters
    for (value, words) in [("", "no value"), ("a {{b}}", "{{")] {
      let failure = await #expect(throws: ParameterFailure.self) {
        try await store.put(NewParameter("/x", value), in: .virginia)
      }
      #expect(failure?.description.contains(words) == true && self.store.calls.isEmpty)
    }
    #expect(try await store.put(NewParameter("/x", "one", tags: ["a": "b"]), in: .virginia) == 1)
    #expect(try await store.put(NewParameter("/x", "two", tags: ["a": "c"]), in: .virginia) == 2)
    #expect(self.store.all["/x"]?.tags == ["a": "b"])
    try await store.label("/x", version: 1, ["good"], in: .virginia)
    #expect(try await store.get("/x", in: .virginia).value == "two")
    #expect(try await store.get("/x", selector: "1", in: .virginia).value == "one")
    #expect(try await store.get("/x", selector: "good", in: .virginia).labels == ["good"])
    #expect(try await store.versions(of: "/x", in: .virginia).map(\.value) == ["one", "two"])
    await #expect(throws: ParameterFailure.self) { try await store.label("/x", ["aws-x"], in: .virginia) }
    #expect(try await store.delete((0..<12).map { "/y\($0)" } + ["/x"], in: .virginia).count == 12)
  }

  @Test(arguments: [
    "password", "db_password", "PASSWD", "clientSecret", "session-token", "credential", "awsCredentials",
    "api_key", "apikey", "apiKey", "API-KEY", "APIKey", "private_key", "access_key", "accessKeyId",
    "x.token.y",
  ])
  func secret(_ name: String) { #expect(SecretNames.isSecret(name)) }

  @Test(arguments: [
    "max_tokens", "kms_key_id", "monkey", "keyboard", "passwordless", "secretary", "tokenizer", "key", "api",
    "publicKey", "", "host",
  ])
  func noSecret(_ name: String) { #expect(!SecretNames.isSecret(name)) }

  /// A secret's name anywhere makes a secret: above the value, and within a list, which is one value.
  @Test func secretsInside() async throws {
    let configuration = try configuration()
    try await configuration.replace(
      below: "/p",
      with: try tree(#"{"credentials": {"user": "u"}, "users": [{"password": "p"}], "names": ["password"]}"#))
    #expect(store.all["/p/credentials/user"]?.kind == "SecureString")
    #expect(store.all["/p/users"]?.kind == "SecureString" && store.all["/p/names"]?.kind == "String")
  }
}

/// Any JSON object goes in and comes out equal.
@Suite struct ConfigurationPropertyTests {
  private struct Trees {
    var random: SeededGenerator
    private static let texts = [
      "", " ", "a", "b", "true", "null", "1", "1.0", "-0", "\"", "{}", "[]", "{\"a\":1}", "{{x}}", "{{{",
      "}}", "/",
      ".", ".2E", "%41", "password", "aws", "√ é", "\u{0}", "\n", "💣", "a/b", "\\", "0x1", "NaN", "1e5",
    ]
    private static let numbers = [
      "0", "-0", "1.50", "1e400", "123456789012345678901234567890", "-1.5E-3", "7",
    ]

    mutating func text() -> String {
      Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)]
        + (Bool.random(using: &random)
          ? "" : Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)])
    }

    mutating func object(_ depth: Int) -> [String: JSONTree] {
      var members: [String: JSONTree] = [:]
      for _ in 0..<Int.random(in: 0...5, using: &random) { members[text()] = tree(depth - 1) }
      return members
    }

    mutating func tree(_ depth: Int) -> JSONTree {
      switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
      case 0: return .null
      case 1: return .bool(Bool.random(using: &random))
      case 2: return .number(Self.numbers[Int.random(in: 0..<Self.numbers.count, using: &random)])
      case 3: return .text(text())
      case 4:
        var items: [JSONTree] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) { items.append(tree(depth - 1)) }
        return .list(items)
      default: return .object(object(depth))
      }
    }
  }

  @Test func whatGoesInComesOut() async throws {
    var trees = Trees(random: SeededGenerator("whatGoesInComesOut"))
    let store = StrictParameters()
    let configuration = try Configuration(
      in: .virginia, store.service().dependencies(VirtualClock().clock()))
    for _ in 0..<300 {
      let wanted = trees.object(4)
      #expect(try JSONTree(JSONTree.object(wanted).json) == .object(wanted))
      try await configuration.replace(below: "/p", with: wanted)
      let found = try await configuration.dictionary(below: "/p")
      #expect(found == wanted, "\(JSONTree.object(wanted).json)")
    }
  }
}
