import Foundation
import Groundwork
import SSMKit
import FleetTesting
import Testing

@testable import FleetKit
@testable import SDWAN

@Suite struct ShorteningTests {
  static let pieces = [
    "a", "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{2028}", "/", "\u{e9}",
    "\u{1F525}", "\u{1F468}\u{200D}\u{1F469}", "\r\n", "e\u{301}",
  ]

  /// Some more characters than `length`.
  static func hostile(_ random: inout SeededGenerator, length: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<length {
      text.append(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)].unicodeScalars)
    }
    return String(text)
  }

  /// The size in JSON is the encoder's.
  @Test func sizeInJSON() throws {
    var random = SeededGenerator("JSON sizes")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    for _ in 0..<200 {
      let text = Self.hostile(&random, length: Int.random(in: 0...40, using: &random))
      let bytes = try encoder.encode([text]).count - 4
      #expect(JSONSize.of(text) == bytes, "\(text.debugDescription)")
    }
  }

  @Test func headAndTailStay() throws {
    var random = SeededGenerator("shortening")
    for _ in 0..<200 {
      let text = "HEAD" + Self.hostile(&random, length: Int.random(in: 0...2000, using: &random)) + "TAIL"
      let limit = Int.random(in: Shortening.leastSize...3000, using: &random)
      let short = Shortening.cut(text, toJSONBytes: limit)
      #expect(JSONSize.of(short) <= limit)
      #expect(short.hasPrefix("HEAD") && short.hasSuffix("TAIL"))
      #expect(JSONSize.of(text) > limit || short == text)
      #expect(short == text || short.contains("cut here"))
    }
  }

  @Test func noRoom() {
    for limit in 0..<Shortening.leastSize {
      let short = Shortening.cut(String(repeating: "x", count: 500), toJSONBytes: limit)
      #expect(JSONSize.of(short) <= limit)
    }
  }

  @Test func oneLine() {
    var random = SeededGenerator("one line")
    for _ in 0..<200 {
      let text = Self.hostile(&random, length: Int.random(in: 0...300, using: &random))
      let line = text.oneLine(limit: 100)
      #expect(JSONSize.of(line) <= 100)
      #expect(
        line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{2028}" })
    }
  }

  /// The outputs of a whole fleet stay within their bound, and those of a usual one are whole.
  @Test(arguments: ["x", "\u{1}", "😀"]) func theShareOfAFleet(letter: String) {
    let whole = TargetResult<NoDetails>(
      CommandResult(
        .failed, stdout: String(repeating: letter, count: 24_000),
        stderr: String(repeating: letter, count: 8_000)))
    #expect(OutputShare(targets: 4).applied(to: whole).stdout == whole.stdout)
    #expect(OutputShare(targets: 100).applied(to: whole).stderr == whole.stderr)
    for routers in [1000, 10_000, 40_000] {
      let cut = OutputShare(targets: routers).applied(to: whole)
      #expect((JSONSize.of(cut.stdout) + JSONSize.of(cut.stderr)) * routers <= 40_000_000)
      #expect(!cut.stdout.isEmpty && !cut.stderr.isEmpty)
    }
    let ascii = OutputShare(targets: 1000).applied(to: whole)
    #expect((ascii.stdout == whole.stdout) == (letter == "x"))
  }
}
