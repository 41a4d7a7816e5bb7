import FleetTesting
import Foundation
import Groundwork
import Testing

@testable import FleetKit

@Suite struct AdmissionSizeTests {
  private func desk(_ count: Int, length: Int) -> AdmissionDesk {
    var desk = AdmissionDesk()
    desk.environment["SERVERS"] =
      (0..<count).map { number in
        let name = "s\(number)"
        return name + String(repeating: "x", count: max(length - name.count, 0))
      }.joined(separator: " ")
    return desk
  }

  /// Items, their state and those reached before go to a step in one message.
  @Test func aMessageAtTheLimitAndAbove() async throws {
    #expect(try await desk(4000, length: 12).items()["all"]?.count == 4000)
    let refusal = try #require(await desk(4000, length: 24).refusal())
    #expect(refusal.hasPrefix("wave all: a step's message has 300102 bytes (the event 4098 + "), "\(refusal)")
    #expect(
      refusal.contains("the wave's 4000 items 108002 + their state 80000 + those reached so far 108002"))
    // A part of the fleet is less.
    var part = desk(4000, length: 24)
    part.event = #"{"servers": ["s1xxxxxxxxxxxxxxxxxxxxxx"]}"#
    #expect(try await part.items()["all"]?.count == 4000)
    // A step that does not ask for the others is not told of them.
    var without = desk(4000, length: 24)
    without.steps = #"[{"name": "first", "timeout": 10}]"#
    #expect(try await without.items()["all"]?.count == 4000)
  }

  @Test func anAnswerAboveTheLimit() async throws {
    var desk = desk(10_000, length: 40)
    desk.steps = #"[{"name": "first", "timeout": 10}]"#
    desk.event = #"{"servers": ["s1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]}"#
    let refusal = try #require(await desk.refusal())
    #expect(refusal.hasPrefix("the waves with their 10000 items have 430"), "\(refusal)")
  }

  /// Every timeout may be needed, and the history must have room for the questions.
  @Test func theHistorysRoom() async throws {
    let waves = { (count: Int) in
      "[" + (0..<count).map { #"{"name": "w\#($0)", "items": ["s\#($0)"]}"# }.joined(separator: ",") + "]"
    }
    let polls = PollPlan.polls(within: .seconds(3600)) + PollPlan.polls(within: .seconds(600))
    let possible = 22_500 / (40 + 2 * 30 + 9 * polls)
    let more = possible + 1
    var desk = desk(101, length: 1)
    #expect((2..<100).contains(possible))
    #expect(try await desk.items(waves(possible)).count == possible)
    let refusal = try #require(await desk.refusal(waves(more)))
    #expect(
      refusal.hasPrefix(
        "an execution's history has room for 22500 events, and the rollout may take \(more * (100 + 9 * polls)) (\(more) waves of 40 + \(more * 2) steps of 30 + \(more * polls) polls, which their timeouts allow, of 9)"
      ), "\(refusal)")
    desk.event = #"{"steps": ["last"]}"#
    #expect(try await desk.items(waves(more)).count == more)
  }

  /// Whatever the waves are: every item is in one of them or left out, and none is in two.
  @Test func everyItemOnce() async throws {
    var generator = SeededGenerator("everyItemOnce")
    for _ in 0..<200 {
      let names = (0..<Int.random(in: 1...30, using: &generator)).map { "s\($0)" }
      var desk = AdmissionDesk()
      desk.environment["SERVERS"] = names.joined(separator: " ")
      var left = names.shuffled(using: &generator)
      var waves: [String] = []
      while !left.isEmpty, waves.count < 5, Bool.random(using: &generator) || waves.isEmpty {
        let own = left.prefix(Int.random(in: 1...left.count, using: &generator))
        left.removeFirst(own.count)
        let list = own.map { "\"\($0)\"" }.joined(separator: ",")
        waves.append(#"{"name": "w\#(waves.count)", "servers": [\#(list)]}"#)
      }
      let hasRest = !left.isEmpty && Bool.random(using: &generator)
      if hasRest { waves.append(#"{"name": "rest", "rest": true}"#) }
      let answer = try await desk.ask("[\(waves.joined(separator: ","))]")
      let admitted = try #require(answer["waves"] as? [[String: Any]])
      let items = admitted.flatMap { $0["items"] as? [String] ?? [] }
      #expect(Set(items).count == items.count)
      #expect(answer["left_out"] as? Int == (hasRest || left.isEmpty ? nil : left.count))
      #expect(items.count == (hasRest ? names.count : names.count - left.count))
    }
  }
}
