import Foundation
import Testing
import FleetTesting

@testable import SDWAN

/// Long answers come as gzip in base64.
@Suite struct PackedOutputTests {
  private static let mark = "=====[ gzip base64 ]=====\n"

  private func packed(_ text: String) throws -> String {
    let script = "gzip -9 -c | base64"
    return Self.mark + (try Shell("/bin/bash", ["-c", script], input: text).stdout)
  }

  @Test func roundTrip() throws {
    var random = SeededGenerator("packed outputs")
    for length in [0, 1, 100, 65_536, 65_537, 150_000] {
      let text = String((0..<length).compactMap { _ in "abc 0123\n\u{e9}".randomElement(using: &random) })
      let isSame = PackedOutput.plain(try packed(text), limit: 1 << 20) == text
      #expect(isSame, "\(length) characters")
    }
  }

  @Test func plainTextStaysAsItIs() throws {
    for text in ["", "=====[ bgp-summary ]=====\n", "x\n" + Self.mark] {
      #expect(PackedOutput.plain(text, limit: 1 << 20) == text)
    }
  }

  @Test func healthyWhenPacked() throws {
    let text = try packed(RouterOutput.captured(.v1_3).text)
    let verdict = try VerdictTests.expectation(.v1_3).verdict(on: PackedOutput.plain(text, limit: 1 << 20))
    #expect(verdict.isHealthy)
  }

  /// A packed text with a piece missing or changed is no evidence of anything. Only the unused bits of the
  /// stream's last byte mean nothing: where they are changed, the text is the very same.
  @Test func brokenIsNotHealthy() throws {
    var random = SeededGenerator("broken packed outputs")
    let original = try RouterOutput.captured(.v1_3).text
    let text = try packed(original)
    let expected = try VerdictTests.expectation(.v1_3)
    var unchanged = 0
    let body = Array(text.dropFirst(Self.mark.count).filter { !$0.isNewline })
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
    for _ in 0..<400 {
      var broken = body
      let place = Int.random(in: 14..<body.count - 4, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: broken.removeSubrange(place...)
      case 1: broken.remove(at: place)
      case 2: broken.removeSubrange(place - 4..<place)
      default:
        let others = letters.filter { $0 != body[place] }
        broken[place] = try #require(others.randomElement(using: &random))
      }
      let plain = PackedOutput.plain(Self.mark + String(broken), limit: 1 << 20)
      if plain == original {
        unchanged += 1
        continue
      }
      let isHealthy = expected.verdict(on: plain).isHealthy
      #expect(!isHealthy, "\(String(broken))")
    }
    #expect(unchanged < 10)
  }

  /// A text that unpacks to more than a router with these tunnels prints stays packed, and one byte less does not.
  @Test(arguments: [0, 1, 400])
  func aBombStaysPacked(tunnels: Int) throws {
    let limit = PackedOutput.limit(tunnels: tunnels)
    for (length, isPlain) in [(limit, true), (limit + 1, false)] {
      let text = String(repeating: "0", count: length)
      let bomb = try packed(text)
      let plain = PackedOutput.plain(bomb, limit: limit)
      #expect((plain == text) == isPlain && (plain == bomb) != isPlain)
    }
  }

  /// Of 8 MB in 11,000 characters no more is unpacked than a router with these tunnels may say, and nothing of it counts.
  @Test(arguments: [1, 100])
  func aBombIsCutAtItsBound(tunnels: Int) throws {
    let answer = "=====[ bgp-summary ]=====\nx\n=====[ end bgp-summary 0 ]=====\n"
    let bomb = try packed(answer + String(repeating: "\n", count: 8 << 20))
    #expect(bomb.count < 12_000)
    let limit = PackedOutput.limit(tunnels: tunnels)
    var (unpacked, largest) = (0, 0)
    let trouble = PackedOutput.read(bomb, limit: limit) { block in
      unpacked += block.count
      largest = max(largest, block.count)
    }
    #expect(trouble == .tooLong(limit: limit))
    #expect(unpacked <= limit && largest <= 1 << 16)
    let answers = Answers(packed: [bomb], limit: limit, longest: 1000)
    #expect(answers.byName.isEmpty && answers.troubles.count == 1)
  }

  /// One answer is believed as much as a host sends of it.
  @Test(arguments: [(100, 0), (101, 125)])
  func aLongAnswerIsCut(length: Int, status: Int) throws {
    let text = String(repeating: "x\n", count: length / 2) + (length % 2 == 1 ? "x" : "")
    let output = "=====[ interfaces ]=====\n\(text)\n=====[ end interfaces 0 ]=====\n"
    let answer = Answers(packed: [output], limit: 1 << 20, longest: 100).byName["interfaces"]
    #expect(answer?.status == status)
    #expect(answer?.text == text || (answer?.text.utf8.count).map { $0 <= 101 } == true && status != 0)
  }

  /// What two commands have answered is there twice, and counts for nothing.
  @Test func answersAreJoinedByName() {
    func output(_ name: String) -> String { "=====[ \(name) ]=====\n\(name)\n=====[ end \(name) 0 ]=====\n" }
    let answers = Answers(
      packed: [output("a") + output("b"), output("c"), output("b")], limit: 1 << 20, longest: 100)
    #expect(answers.byName.mapValues(\.text) == ["a": "a", "c": "c"])
  }
}
