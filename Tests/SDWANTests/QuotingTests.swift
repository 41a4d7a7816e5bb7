import Groundwork
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

/// Nothing that came from outside means anything to a shell.
@Suite struct QuotingTests {
  private static let hostile = [
    "'", "''", "a'b", "\"", "$(reboot)", "`reboot`", "${HOME}", "\\", "\\'", "'; reboot; '", "a b", " ", "*",
    "~", "!x", "#", "a\nb", "\n", "&& reboot", "|", "\u{e9}", "\u{1F525}", "$'\\n'", "-n",
    "SDWAN_END_OF_TEXT",
    "\t", "\u{7}",
  ]

  @Test func quotedTextMeansItself() throws {
    var random = SeededGenerator("quoting")
    let cases = Self.hostile + (0..<150).map { _ in Self.text(&random, of: Self.hostile) }
    for text in cases {
      let shell = try Shell("/bin/bash", ["-s"], input: "x=\(ShellScript.quoted(text))\nprintf '%s|' \"$x\"")
      #expect(shell.stdout == text + "|", "\(text.debugDescription)")
      #expect(shell.stderr.isEmpty)
    }
  }

  /// An image's key may hold quotes and substitutions: the script has exactly that key.
  @Test(arguments: [
    "vyos.tar.gz", "a'b.tar", "x$(touch /nowhere)y", "`id`", "a\"b", "a;b&c|d>e", "with space", "\\n",
    "$HOME",
    "'; exit 3; '", "!!", "\u{e9}\u{1F525}",
  ])
  func hostileImageKeys(key: String) throws {
    let environment = ["VYOS_S3_BUCKET": "images", "VYOS_S3_REGION": "us-east-1", "VYOS_S3_KEY": key]
    let image = try RouterImage { environment[$0] }
    let text = Scripts(version: .v1_3).baseSetup(
      region: .virginia, image: image, recreate: .always)
    let router = try #require(try Topology.standard().router(named: "nv-sdwan"))
    let script = GeneratedScript(router: router, version: .v1_3, text: text)
    #expect(try script.variable("IMAGE_KEY") == key)
    #expect(try script.variable("IMAGE_BUCKET") == "images")
    #expect(try Shell("/bin/bash", ["-n", "/dev/stdin"], input: text).status == 0)
  }

  @Test(arguments: [
    "a\nb", "\n", "a\rb", "-rf", "/etc/passwd", "\u{7F}", "a\tb", String(repeating: "k", count: 1025),
  ])
  func refusedImageKeys(key: String) {
    let environment = ["VYOS_S3_BUCKET": "images", "VYOS_S3_REGION": "us-east-1", "VYOS_S3_KEY": key]
    let error = #expect(throws: ConfigurationError.self) { try RouterImage { environment[$0] } }
    #expect(error?.variable == "VYOS_S3_KEY")
  }

  @Test(arguments: ["a b", "A", "x;y", "ab", "$(id)", "a'b", String(repeating: "b", count: 64), "a/b"])
  func refusedBuckets(bucket: String) {
    let environment = ["VYOS_S3_BUCKET": bucket, "VYOS_S3_REGION": "us-east-1", "VYOS_S3_KEY": "k"]
    let error = #expect(throws: ConfigurationError.self) { try RouterImage { environment[$0] } }
    #expect(error?.variable == "VYOS_S3_BUCKET")
  }

  /// Every parameter value that is not plainly an id or an address ends before it could reach a script.
  @Test func hostileParameterValues() throws {
    var random = SeededGenerator("hostile parameters")
    let good: [ParameterType: String] = [
      .instanceID: "i-0123456789abcdef0", .outsideEIP: "203.0.113.1", .outsidePrivateIP: "10.0.0.1",
    ]
    for _ in 0..<200 {
      let type = try #require(ParameterType.allCases.randomElement(using: &random))
      let value = try #require(good[type])
      let place = value.index(value.startIndex, offsetBy: Int.random(in: 0...value.count, using: &random))
      let evil = Self.text(&random, of: Self.hostile)
      let bad = value[..<place] + evil + value[place...]
      let parameters = InstanceParameters(
        name: "r", region: .virginia, prefix: ParameterPrefix(of: .network),
        values: good.merging([type: String(bad)]) { $1 })
      let error = #expect(throws: ParameterError.self, "\(bad.debugDescription)") { try parameters.config() }
      #expect(error?.description.contains("/sdwan/r/\(type.rawValue)") == true)
    }
  }

  private static func text(_ random: inout SeededGenerator, of pieces: [String]) -> String {
    (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
      .joined()
  }
}
