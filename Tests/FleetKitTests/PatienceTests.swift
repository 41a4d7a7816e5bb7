import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import SSMKit
import Testing

@testable import FleetKit

/// What AWS did not answer is unknown, and unknown is not failed.
@Suite struct PatienceTests {
  private static let unanswered = HTTPResponse.error("InternalServerError", status: 500)

  /// SendCommand answers nothing but errors while the step begins: all are sent later.
  @Test func nothingIsSentAtFirst() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time)
      fleet.systems.remove("SendCommand", saying: Self.unanswered)
      let ended = try await fleet.step { if $0 == 1 { fleet.systems.restore("SendCommand") } }
      #expect(ended.successes == 4, "\(ended.summary)")
      #expect(fleet.systems.commands.count == 4)
    }
  }

  @Test func nothingIsEverSent() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time)
      fleet.systems.remove("SendCommand", saying: Self.unanswered)
      let ended = try await fleet.step(["timeout": 120])
      #expect(ended.failed == fleet.names && time.elapsed >= .seconds(120))
      for name in fleet.names {
        #expect(ended.text(name, "status") == "TimedOut")
        #expect(ended.text(name, "stderr").contains("InternalServerError"))
        #expect(ended.text(name, "stderr").contains("120 s (timeout)"))
      }
    }
  }

  /// The history can't be read for a while, and nobody has failed.
  @Test func nobodyTellsForAWhile() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(20, time)
      fleet.systems.remove("ListCommandInvocations", saying: Self.unanswered)
      let ended = try await fleet.step { if $0 == 2 { fleet.systems.restore("ListCommandInvocations") } }
      #expect(ended.successes == 20 && ended.polls >= 3, "\(ended.summary)")
    }
  }

  @Test func nobodyEverTells() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(20, time)
      fleet.systems.remove("ListCommandInvocations", saying: Self.unanswered)
      let ended = try await fleet.step(["timeout": 120])
      #expect(ended.failed == fleet.names)
      #expect(ended.text(fleet.names[3], "status") == "TimedOut")
      #expect(ended.text(fleet.names[3], "stderr").contains("InternalServerError"))
    }
  }

  /// A success whose output can't be had is asked for again, and stays a success.
  @Test(arguments: [true, false]) func anOutputThatCanNotBeHad(comesLater: Bool) async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time) { _, _ in .init(stdout: String(repeating: "x", count: 5000)) }
      fleet.systems.remove("GetCommandInvocation", saying: Self.unanswered)
      let ended = try await fleet.step(["timeout": 120]) {
        if comesLater, $0 == 1 { fleet.systems.restore("GetCommandInvocation") }
      }
      #expect(ended.successes == 4, "\(ended.summary)")
      #expect(ended.text(fleet.names[0], "status") == "Success")
      let said = ended.text(fleet.names[0], comesLater ? "stdout" : "stderr")
      #expect(comesLater ? said.utf8.count == 5000 : said.contains("its output could not be had"))
      #expect(comesLater ? time.elapsed < .seconds(120) : time.elapsed >= .seconds(120))
    }
  }

  /// Run Command takes five a second, and shows what it has three seconds later.
  @Test func throttledByRate() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(200, time, ["KIND": "own"])
      for operation in ["SendCommand", "GetCommandInvocation", "ListCommandInvocations"] {
        fleet.systems.limit(operation, rate: 5, burst: 5)
      }
      fleet.systems.lag(.seconds(3))
      let ended = try await fleet.step()
      #expect(ended.successes == 200, "\(ended.summary)")
      #expect(fleet.systems.commands.count == 200)
    }
  }

  /// In one invocation, too: what does not answer is asked again until the command's time is over.
  @Test func inOneInvocation() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time)
      fleet.systems.remove("SendCommand", saying: Self.unanswered)
      async let healed: Void = {
        try await time.clock.sleep(.seconds(60))
        fleet.systems.restore("SendCommand")
      }()
      let answer = try await fleet.invoke(["action": "run", "retry_count": 0])
      try await healed
      #expect(answer["success_count"] as? Int == 4, "\(answer)")
      #expect(fleet.systems.commands.count == 4)
    }
  }

  /// An answer to SendCommand is lost, and so are those that would tell whether it arrived.
  @Test func sentOnceThoughNobodySaysSo() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(4, time)
      fleet.systems.lose(4, answersOf: "SendCommand")
      fleet.systems.remove("ListCommands", saying: Self.unanswered)
      let ended = try await fleet.step()
      #expect(ended.successes == 4, "\(ended.summary)")
      #expect(fleet.systems.commands.count == 4)
    }
  }

  /// A start whose process died is made again: what was sent is found by one question, and nothing is sent twice.
  @Test func aStartThatIsMadeAgain() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(100, time) { _, _ in .init(stdout: "done", after: .seconds(60)) }
      fleet.systems.lag(.seconds(8))
      _ = try await fleet.invoke(["action": "start", "maxConcurrency": 60])
      let before = fleet.calls["ListCommandInvocations"] ?? 0
      let again = try await fleet.invoke(["action": "start", "retry_count": 1])
      #expect(
        fleet.counts(again) == [
          "waiting_count": 0, "running_count": 100, "success_count": 0, "fail_count": 0,
        ])
      let pending = (again["progress"] as? [String: Any])?["pending"] as? [String]
      #expect(pending?.count == 20, "a thousand names are nobody's to read")
      #expect(fleet.systems.commands.count == 100)
      #expect((fleet.calls["ListCommandInvocations"] ?? 0) - before <= 3 * 2)
      try await time.clock.sleep(.seconds(120))
      let ended = try await fleet.invoke(["action": "check", "state": again["state"] ?? ""])
      #expect(ended["success_count"] as? Int == 100)
    }
  }

  /// 200 at work, of which one operation never answers; 45 s are left, of which five are kept back for the answer.
  @Test(arguments: ["GetCommandInvocation", "SendCommand", "CancelCommand", "ListCommandInvocations"])
  func everyAnswerComesInTime(hanging: String) async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(200, time, ["KIND": "own"]) { _, _ in .init(after: .seconds(3600)) }
      let answer = try await fleet.invoke(["action": "run"], within: .seconds(45)) {
        $0 == hanging ? .seconds(3600) : .milliseconds(30)
      }
      #expect(answer["fail_count"] as? Int == 200)
      let results = answer["results"] as? [String: [String: Any]] ?? [:]
      #expect(results.count == 100 && results.values.allSatisfy { $0["status"] as? String == "TimedOut" })
      // A last look, and a last request to stop.
      #expect(time.elapsed <= .seconds(41.5), "\(time.elapsed)")
    }
  }
}
