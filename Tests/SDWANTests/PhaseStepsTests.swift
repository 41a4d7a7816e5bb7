import AWSClient
import Foundation
import Groundwork
import FleetTesting
import Testing

@testable import FleetKit
@testable import SDWAN

/// start, check and cancel over a Systems Manager of one function.
@Suite struct PhaseStepsTests {
  private static let names = ["fra-branch1", "fra-sdwan", "nv-branch1", "nv-sdwan"]
  private let clock = VirtualClock()

  private func run(
    _ hosts: FakeHosts, _ phase: Phase, _ action: String, _ more: [String: Any] = [:],
    environment: [String: String] = [:]
  ) async throws -> [String: Any] {
    try await hosts.run(phase, event: stepEvent(action, more), clock: clock, environment: environment).object
  }

  /// Of the answer of a step: waiting, running, succeeded, failed.
  private func counts(_ answer: [String: Any]) -> [Int?] {
    let progress = answer["progress"] as? [String: Any] ?? [:]
    return ["waiting_count", "running_count", "success_count", "fail_count"].map { progress[$0] as? Int }
  }

  /// Of the answer of a step: who has not ended.
  private func pending(_ answer: [String: Any]) -> [String]? {
    (answer["progress"] as? [String: Any])?["pending"] as? [String]
  }

  @Test(arguments: [Phase.phase1, .phase2])
  func startsAndChecks(phase: Phase) async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepBusy(["nv-sdwan", "fra-sdwan"])
    let started = try await run(hosts, phase, "start")
    #expect(started["done"] as? Bool == false)
    #expect(counts(started) == [0, 4, 0, 0])
    #expect(started["wait_seconds"] as? Int == 15)
    #expect(clock.sleeps.isEmpty, "start waits for nothing")

    let second = try await run(hosts, phase, "check", ["state": try #require(started["state"])])
    #expect(second["done"] as? Bool == false)
    #expect(counts(second) == [0, 2, 2, 0])
    #expect(pending(started) == Self.names && pending(second) == ["fra-sdwan", "nv-sdwan"])
    #expect(second["results"] == nil)

    hosts.keepBusy([])
    let last = try await run(hosts, phase, "check", ["state": try #require(second["state"])])
    #expect(last["done"] as? Bool == true)
    #expect(last["state"] == nil)
    #expect(last["success_count"] as? Int == 4)
    let read = ReadResult(object: last)
    #expect(read.results.keys.sorted() == Self.names)
    for name in Self.names {
      #expect(read.text(name, "stdout").contains("committed"), "also of a router that ended earlier")
      #expect(read.text(name, "command_id") == "command-\(name)")
      #expect(read.details(name)["configuration"] as? String == "committed")
      #expect(hosts.scripts[name]?.count == 1)
    }
  }

  /// 15 s, half as much more each time, and 15 again as soon as a router has come to its end.
  @Test func waits() async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepBusy(Set(Self.names))
    var answer = try await run(hosts, .phase2, "start")
    var waits = [answer["wait_seconds"] as? Int]
    for number in 0..<5 {
      if number == 3 { hosts.keepBusy(["nv-sdwan"]) }
      answer = try await run(hosts, .phase2, "check", ["state": try #require(answer["state"])])
      waits.append(answer["wait_seconds"] as? Int)
    }
    #expect(waits == [15, 23, 35, 53, 15, 23])
  }

  /// Nothing but the phase's own time limits what a script may take.
  @Test func theTimeOfAScript() async throws {
    for (action, seconds) in [("start", "7200"), ("run", "300")] {
      let hosts = try FakeHosts.standard()
      _ = try await run(hosts, .phase2, action, ["timeout": 7200])
      #expect(Set(hosts.commands.map { $0.parameters["executionTimeout"] }) == [[seconds]])
    }
  }

  @Test func theTimeIsOver() async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepBusy(["nv-sdwan"])
    let started = try await run(hosts, .phase2, "start", ["timeout": 100])
    clock.advance(.seconds(99))
    let early = try await run(
      hosts, .phase2, "check", ["timeout": 100, "state": try #require(started["state"])])
    #expect(early["done"] as? Bool == false)
    clock.advance(.seconds(1))
    let last = ReadResult(
      object: try await run(
        hosts, .phase2, "check", ["timeout": 100, "state": try #require(early["state"])]))
    #expect(last.object["done"] as? Bool == true)
    #expect(last.failed == ["nv-sdwan"])
    #expect(last.text("nv-sdwan", "status") == "TimedOut")
    #expect(last.text("nv-sdwan", "stderr").contains("had not ended after 100 s"))
    #expect(hosts.commands.filter(\.isCancelled).map(\.instance) == ["nv-sdwan"])
    // Asked again with the state from before, it says the same of a command that it has cancelled itself.
    let again = ReadResult(
      object: try await run(
        hosts, .phase2, "check", ["timeout": 100, "state": try #require(early["state"])]))
    #expect(again.text("nv-sdwan", "status") == "TimedOut")
    #expect(again.text("nv-sdwan", "stderr").contains("had not ended after 100 s"))
  }

  /// An invocation that is retried attaches to what the first one has sent, whatever came of its answer.
  @Test func nothingIsSentTwice() async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepBusy(["nv-sdwan"])
    _ = try await run(hosts, .phase2, "start")
    let again = try await run(hosts, .phase2, "start", ["retry_count": 1])
    #expect(hosts.commands.count == 4)
    hosts.keepBusy([])
    let last = try await run(hosts, .phase2, "check", ["state": try #require(again["state"])])
    #expect(last["success_count"] as? Int == 4)
    // Nobody says which attempt it is: then it may be any.
    var unsaid = try #require(
      try JSONSerialization.jsonObject(with: Data(stepEvent("start").utf8)) as? [String: Any])
    unsaid["retry_count"] = nil
    let text = String(decoding: try JSONSerialization.data(withJSONObject: unsaid), as: UTF8.self)
    _ = try await hosts.run(.phase2, event: text, clock: clock)
    #expect(hosts.commands.count == 4)
  }

  /// What is another command, by its execution, wave, step or phase, is sent all the same.
  @Test(arguments: [
    ["execution": "arn:aws:states:us-east-1:123456789012:execution:sdwan:run-2"], ["step": "again"],
    ["wave": "canary"],
  ])
  func anotherCommand(fields: [String: String]) async throws {
    let hosts = try FakeHosts.standard()
    _ = try await run(hosts, .phase2, "start")
    var more: [String: Any] = ["retry_count": 1]
    for (name, value) in fields { more[name] = Int(value) ?? value }
    _ = try await run(hosts, .phase2, "start", more)
    #expect(hosts.commands.count == 8)
    #expect(Set(hosts.commands.map(\.comment)).count == 8)
    #expect(hosts.commands.allSatisfy { $0.comment.count <= 100 })
  }

  /// A rollback is not what it takes back, though wave, phase and router are the same.
  @Test func aRollbackIsAnotherCommand() async throws {
    let hosts = try FakeHosts.standard()
    _ = try await run(hosts, .phase2, "start")
    _ = try await run(hosts, .phase2, "start", ["mode": "rollback", "retry_count": 1])
    #expect(hosts.commands.count == 8)
    #expect(hosts.commands.allSatisfy { $0.comment.hasPrefix("phase2 \($0.instance) ") })
  }

  /// A command that failed stands for nothing: a retried start sends it again.
  @Test func aFailedOneIsSentAgain() async throws {
    let hosts = try FakeHosts.standard { name, number in
      FakeHosts.Answer(status: name == "nv-sdwan" && number == 1 ? "Failed" : "Success")
    }
    _ = try await run(hosts, .phase2, "start")
    _ = try await run(hosts, .phase2, "start", ["retry_count": 1])
    #expect(hosts.commands.map(\.instance).sorted() == Self.names + ["nv-sdwan"])
  }

  /// Phase 1 waits for a host to come online between the steps, and gives it up with a reason.
  @Test func aHostThatComesLater() async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepOffline(["nv-sdwan"])
    let environment = ["SDWAN_ONLINE_TIMEOUT": "60"]
    let started = try await run(hosts, .phase1, "start", environment: environment)
    #expect(hosts.commands.count == 3)
    clock.advance(.seconds(30))
    hosts.keepOffline([])
    let next = try await run(
      hosts, .phase1, "check", ["state": try #require(started["state"])], environment: environment)
    #expect(hosts.commands.count == 4)
    let last = try await run(
      hosts, .phase1, "check", ["state": try #require(next["state"])], environment: environment)
    #expect(last["success_count"] as? Int == 4)
  }

  /// The phase's own limit ends the waiting too: nothing is sent after it.
  @Test func aHostThatNeverComes() async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepOffline(["nv-sdwan"])
    let environment = ["SDWAN_ONLINE_TIMEOUT": "600"]
    let started = try await run(hosts, .phase1, "start", ["timeout": 60], environment: environment)
    clock.advance(.seconds(60))
    let last = ReadResult(
      object: try await run(
        hosts, .phase1, "check", ["timeout": 60, "state": try #require(started["state"])],
        environment: environment))
    #expect(last.failed == ["nv-sdwan"])
    #expect(last.text("nv-sdwan", "status") == "TimedOut")
    #expect(last.text("nv-sdwan", "stderr").contains("not online within 60 s"))
    #expect(hosts.commands.count == 3)
  }

  /// A state that may still come up is looked at again by a command of its own; a broken one is not.
  @Test func verification() async throws {
    let outputs = try PhaseHandlerTests.healthyOutputs(.v1_3)
    let transient = try VerificationPollingTests.transient()
    let hosts = try FakeHosts.standard { name, number in
      FakeHosts.Answer(stdout: name == "nv-sdwan" && number == 1 ? transient : outputs[name] ?? "")
    }
    let started = try await run(hosts, .phase3, "start")
    clock.advance(.seconds(15))
    let second = try await run(hosts, .phase3, "check", ["state": try #require(started["state"])])
    #expect((second["progress"] as? [String: Any])?["running_count"] as? Int == 1)
    #expect(hosts.commands.filter { $0.instance == "nv-sdwan" }.count == 2)
    clock.advance(.seconds(15))
    let last = try await run(hosts, .phase3, "check", ["state": try #require(second["state"])])
    #expect(last["done"] as? Bool == true)
    #expect(last["success_count"] as? Int == 4, "\(last)")
    #expect(hosts.commands.count == 5)
    #expect(Set(hosts.commands.map(\.comment)).count == 5)
  }

  /// What may come up gets no more time than `SDWAN_VERIFY_TIMEOUT`.
  @Test func verificationEnds() async throws {
    let transient = try VerificationPollingTests.transient()
    let hosts = try FakeHosts.standard { _, _ in FakeHosts.Answer(stdout: transient) }
    var answer = try await run(hosts, .phase3, "start")
    var checks = 0
    while answer["done"] as? Bool == false, checks < 20 {
      clock.advance(.seconds(15))
      answer = try await run(hosts, .phase3, "check", ["state": try #require(answer["state"])])
      checks += 1
    }
    #expect(checks == 4)
    #expect(answer["fail_count"] as? Int == 4)
  }

  /// Why a tunnel has no SA is asked by the next look, or by one more where the time for looks is over.
  @Test(arguments: ["60", "0"])
  func asksWhy(verifyTimeout: String) async throws {
    let outputs = try PhaseHandlerTests.healthyOutputs(.v1_3)
    let transient = try VerificationPollingTests.transient()
    let hosts = try FakeHosts.standard { name, _ in
      FakeHosts.Answer(stdout: name == "nv-sdwan" ? transient : outputs[name] ?? "")
    }
    let environment = ["SDWAN_VERIFY_TIMEOUT": verifyTimeout]
    var answer = try await run(hosts, .phase3, "start", environment: environment)
    var states: [String] = []
    while answer["done"] as? Bool == false, states.count < 20 {
      let state = try #require(answer["state"] as? [String: Any])
      states.append(state["items"] as? String ?? "")
      clock.advance(.seconds(15))
      answer = try await run(hosts, .phase3, "check", ["state": state], environment: environment)
    }
    let asks =
      hosts.scripts["nv-sdwan"]?.map { $0.contains(" ike-sa ipsec-log'\n") } ?? []
    #expect(asks.first == false && asks.dropFirst().allSatisfy { $0 })
    #expect(asks.count == (verifyTimeout == "0" ? 2 : 4))
    #expect(states.first == "4r" && states.last?.contains("r\(asks.count - 1)?") == true, "\(states)")
    #expect(hosts.scripts["nv-branch1"]?.count == 1)
    let diagnosis = ReadDiagnosis(ReadResult(object: answer).details("nv-sdwan"))
    #expect(diagnosis?.cause == "peer-unreachable" && answer["fail_count"] as? Int == 1)
  }

  /// The history lags, so it is looked at again: here the first of three times it shows nothing at all.
  @Test(arguments: [0, 4])
  func cancelFindsWhatRuns(emptyLooks: Int) async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepBusy(["nv-sdwan", "fra-branch1"])
    _ = try await run(hosts, .phase2, "start")
    _ = try await run(hosts, .phase2, "start", ["execution": "another"])
    hosts.lag(looks: emptyLooks)
    let answer = try await run(hosts, .phase1, "cancel")
    #expect(answer["cancelled_count"] as? Int == 2)
    #expect(Set(answer["cancelled"] as? [String] ?? []) == ["command-nv-sdwan", "command-fra-branch1"])
    #expect(hosts.commands.filter(\.isCancelled).count == 2)
  }

  @Test func missingParameters() async throws {
    let hosts = try FakeHosts.standard()
    hosts.set("/sdwan/nv-sdwan/instance-id", in: .virginia, to: nil)
    let started = try await run(hosts, .phase2, "start")
    #expect(counts(started) == [0, 3, 0, 1])
    let last = ReadResult(
      object: try await run(hosts, .phase2, "check", ["state": try #require(started["state"])]))
    #expect(last.failed == ["nv-sdwan"])
    #expect(last.text("nv-sdwan", "stderr").contains("/sdwan/nv-sdwan/instance-id"))
  }

  /// Seen once at its end, a command has ended, whatever later answers say.
  @Test(arguments: [("s", "Success"), ("f", "Failed"), ("x", "TimedOut")])
  func endedIsEnded(letter: String, status: String) async throws {
    let hosts = try FakeHosts.standard()
    let answer = try await run(hosts, .phase2, "start")
    var state = try #require(answer["state"] as? [String: Any])
    // Two are said to have ended: of one the history says something else, and another's is not there at all.
    state["items"] = letter == "s" ? "4s" : "s,\(letter),s,\(letter)"
    hosts.keepBusy(["nv-sdwan"])
    let last = ReadResult(object: try await run(hosts, .phase2, "check", ["state": state]))
    #expect(last.object["done"] as? Bool == true)
    #expect(last.text("nv-sdwan", "status") == status)
    #expect(last.text("nv-sdwan", "stderr").contains("it ended as \(status)"))
    hosts.keepBusy([])
    let later = ReadResult(object: try await run(hosts, .phase2, "check", ["state": state]))
    #expect(later.text("nv-sdwan", "status") == status)
    #expect(later.text("nv-sdwan", "stderr").isEmpty == (status == "Success"))
  }
}
