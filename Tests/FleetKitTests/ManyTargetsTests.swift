import FleetTesting
import Foundation
import Groundwork
import Testing

@testable import FleetKit

/// A step of a thousand targets: few calls, a small state, and never more at work than may be.
@Suite struct ManyTargetsTests {
  /// One SendCommand for fifty, lists instead of questions, and nothing else.
  @Test(arguments: [nil, 200] as [Int?])
  func fewCalls(maxConcurrency: Int?) async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(500, in: [.virginia, .frankfurt], time) { _, _ in
        .init(stdout: "done", after: .seconds(60))
      }
      let ended = try await fleet.step(maxConcurrency.map { ["maxConcurrency": $0] } ?? [:])
      #expect(ended.successes == 1000 && ended.failed.isEmpty, "\(ended.summary)")
      #expect(ended.mostRunning <= maxConcurrency ?? 1000)
      #expect(Set(fleet.systems.commands.map(\.instance)).count == 1000)
      #expect(fleet.systems.commands.count == 1000)
      #expect(fleet.calls["SendCommand"] ?? 0 <= 20 + (maxConcurrency == nil ? 0 : 20))
      let all = fleet.calls.values.reduce(0, +)
      print("1,000 targets, maxConcurrency \(maxConcurrency ?? 0): \(fleet.calls), \(ended.polls) polls")
      #expect(all < 600)
      #expect(ended.polls <= PollPlan.polls(within: .seconds(600)))
    }
  }

  /// Each its own script, whole outputs wanted: a command and a question each, and some lists.
  @Test func ownScripts() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(1000, time, ["KIND": "own", "READS": "yes"]) { command, _ in
        .init(stdout: String(repeating: "x", count: 2501), after: .seconds(40))
      }
      let ended = try await fleet.step()
      #expect(ended.successes == 1000)
      #expect(fleet.calls["SendCommand"] == 1000)
      #expect(fleet.calls["GetCommandInvocation"] ?? 0 <= 1000)
      #expect(fleet.calls.values.reduce(0, +) < 2300, "\(fleet.calls)")
    }
  }

  /// 20 bytes a target whatever becomes of them: here each third runs, has failed, and was refused.
  @Test func aSmallState() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(1000, time) { command, number in
        .init(status: command.instance.hasSuffix("1") ? "Failed" : "Success", after: .seconds(30))
      }
      fleet.systems.keepOffline(Set(fleet.names.filter { $0.hasSuffix("2") }))
      fleet.systems.keepBusy(Set(fleet.names.filter { $0.hasSuffix("0") }))
      let ended = try await fleet.step()
      #expect(ended.largestState <= 20 * 1000)
      #expect(ended.successes == 700 && ended.failed.count == 300)
      #expect(ended.text(fleet.names[2], "stderr").contains("not online in Systems Manager"))
      #expect(ended.text(fleet.names[0], "status") == "TimedOut")
    }
  }

  /// Who is not online makes Run Command refuse fifty, and is found by halving: all others get their command.
  @Test func oneThatIsNotOnline() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(100, time)
      fleet.systems.keepOffline([fleet.names[17], fleet.names[60]])
      let ended = try await fleet.step()
      #expect(ended.failed == [fleet.names[17], fleet.names[60]])
      #expect(ended.successes == 98)
      #expect(fleet.systems.commands.count == 98)
      #expect(fleet.calls["SendCommand"] ?? 0 <= 2 * (1 + 2 * 6))
    }
  }

  /// A few get a command each, as ever.
  @Test func aFew() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time)
      let ended = try await fleet.step()
      #expect(ended.successes == 4)
      #expect(Set(fleet.systems.commands.map(\.id)).count == 4)
      let words = fleet.systems.commands.map { $0.comment.split(separator: " ").map(String.init) }
      #expect(words.map { $0[1] }.sorted() == fleet.names && words.allSatisfy { $0.count == 3 })
    }
  }

  /// The slowest decides: its end is seen one pause later at most.
  @Test(arguments: [3, 47, 137, 266]) func theSlowestDecides(seconds: Int) async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(20, in: [.virginia, .frankfurt], time) { command, _ in
        .init(stdout: "done", after: .seconds(command.instance.hasSuffix("7") ? seconds : 1))
      }
      let answer = try await fleet.invoke(["action": "run"])
      #expect(answer["success_count"] as? Int == 40)
      #expect(time.elapsed <= .seconds(seconds + 15 + 1))
    }
  }

  /// In one invocation, too, no more are at work than may be.
  @Test func inOneInvocation() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(60, time) { _, _ in .init(stdout: "done", after: .seconds(20)) }
      let answer = try await fleet.invoke(["action": "run", "maxConcurrency": 20])
      #expect(answer["success_count"] as? Int == 60)
      let moments = fleet.systems.commands.map(\.sent).sorted()
      #expect(moments.count == 60)
      #expect(moments[20] - moments[0] >= .seconds(20) && moments[40] - moments[20] >= .seconds(20))
      #expect(time.elapsed < .seconds(100))
    }
  }
}
