import AWSClient
import FleetTesting
import Foundation
import Groundwork
import SSMKit
import Testing

@testable import FleetKit

/// What a step gives to the next one: small, and believed only as a step wrote it.
@Suite struct ProgressTests {
  private static let start = UnixTime(seconds: 1_769_860_800.25)

  private func targets(_ count: Int) -> [Target] {
    (0..<count).map { Target("region-branch-\(10_000 + $0)", Obstacle("nowhere")) }
  }

  @Test func survivesTheWay() throws {
    var progress = Progress(started: Self.start, of: targets(7))
    progress.refusals = ["AWS said no"]
    progress.trouble = "AWS did not answer"
    progress.execution = "request"
    progress.mayBeOlder = true
    (progress.asked, progress.wait) = (12, 35)
    progress.items[0] = ItemProgress(
      stage: .running, look: Look(number: 3, asksWhy: true), part: 2, begun: 45)
    progress.items[1] = ItemProgress(stage: .refused, refusal: 1)
    progress.items[2] = ItemProgress(stage: .succeeded, look: Look(number: 1))
    progress.items[3] = ItemProgress(stage: .tried)
    #expect(progress.items.text == "r3?.2@45,d#1,s1,t,3w")
    let bytes = ResultSize.json(progress)
    #expect(try JSONDecoder().decode(Progress.self, from: Data(bytes)) == progress)
  }

  /// Whatever becomes of them, each as different from the one before as can be.
  @Test(arguments: [4, 100, 1000, 4000]) func twentyBytesATarget(count: Int) throws {
    var random = SeededGenerator("a state of \(count)")
    var progress = Progress(started: Self.start, of: targets(count))
    progress.refusals = Array(repeating: String(repeating: "\"", count: 300), count: Progress.mostRefusals)
    progress.trouble = String(repeating: "\"", count: 300)
    for index in progress.items.indices {
      let stage = try #require(ItemProgress.Stage.allCases.randomElement(using: &random))
      progress.items[index] = ItemProgress(
        stage: stage, look: Look(number: .random(in: 0...99, using: &random), asksWhy: true), part: 2,
        begun: .random(in: 0...172_800, using: &random), refusal: stage == .refused ? 10 : 0)
    }
    let bytes = ResultSize.json(progress)
    #expect(bytes.count <= 20 * count + 7500)
    #expect(try JSONDecoder().decode(Progress.self, from: Data(bytes)) == progress)
    // As it is as a rule.
    #expect(ResultSize.json(Progress(started: Self.start, of: targets(count))).count < 120)
  }

  @Test(arguments: [
    "", "4", "w,", ",w", "0w,4w", "1w,3w", "01w,3w", "w,w,2w", "4r:", "4R", "4r0", "4r.0", "4r@0", "4w?1",
    "4r1@2.3",
    "4d", "3w,d#2", "3w,s#1", "4r9999999", "99999999999999999999w", "4r1 ", "4w\n", "3w,é", "3w,r１",
  ])
  func strangeItems(text: String) {
    let state =
      #"{"started":1,"asked":0,"wait":15,"names":"0123456789ab","refusals":["x"],"items":"\#(text)"}"#
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Progress.self, from: Data(state.utf8)) }
    // The same state with what a step writes.
    let good = state.replacingOccurrences(of: "\"items\":\"\(text)\"", with: #""items":"3w,d#1""#)
    #expect(throws: Never.self) { try JSONDecoder().decode(Progress.self, from: Data(good.utf8)) }
  }

  private static let strange: [([String: any Sendable], String)] = [
    (["started": -1], "state"), (["started": "now"], "state"), (["started": 1e300], "starts in"),
    (["wait": 0], "state"), (["wait": 1_000_000], "state"), (["asked": -1], "state"),
    (["asked": 1.5], "state"),
    (["more": 1], "state"), (["items": "3r"], "about 3 targets"), (["items": "100001w"], "state"),
    (["names": "0123456789ab"], "other targets"), (["names": 7], "state"),
    (["refusals": Array(repeating: "x", count: 11)], "state"),
    (["refusals": [String(repeating: "x", count: 301)]], "state"),
    (["trouble": String(repeating: "x", count: 301)], "state"), (["execution": ""], "state"),
    (["execution": "request"], "not that of an execution"),
  ]

  @Test(arguments: strange) func aStateThatNoStepWrote(change: [String: any Sendable], words: String)
    async throws
  {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time)
      let started = try await fleet.invoke(["action": "start"])
      let state = try #require(started["state"] as? [String: Any]).merging(change) { $1 }
      let error = await #expect(throws: Failure.self) {
        _ = try await fleet.invoke(["action": "check", "state": state])
      }
      #expect(
        error?.type == "Event.Invalid" && error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  /// A state counts its targets in the order of their names: another choice, or another fleet, is noticed.
  @Test func aStateOfOthers() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(6, time)
      let started = try await fleet.invoke(["action": "start", "targets": Array(fleet.names.prefix(4))])
      let state = started["state"] ?? ""
      for others in [Array(fleet.names.suffix(4)), Array(fleet.names.prefix(3))] {
        let error = await #expect(throws: Failure.self) {
          _ = try await fleet.invoke(["action": "check", "targets": others, "state": state])
        }
        #expect(error?.type == "Event.Invalid" && error?.message.contains("targets") == true)
      }
      // The order in which they are named does not matter.
      let ended = try await fleet.invoke([
        "action": "check", "targets": Array(fleet.names.prefix(4).reversed()), "state": state,
      ])
      #expect(ended["success_count"] as? Int == 4)
    }
  }
}
