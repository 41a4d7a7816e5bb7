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

  @Test(arguments: [Phase.phase1, .phase2])
  func startsAndChecks(phase: Phase) async throws {
    let hosts = try FakeHosts.standard()
    hosts.keepBusy(["nv-sdwan", "fra-sdwan"])
    let started = try await run(hosts, phase, "start")
    #expect(started["done"] as? Bool == false)
    #expect(started["pending_count"] as? Int == 4)
    #expect(started["wait_seconds"] as? Int == 15)
    #expect(clock.sleeps.isEmpty, "start waits for nothing")

    let second = try await run(hosts, phase, "check", ["state": try #require(started["state"])])
    #expect(second["done"] as? Bool == false)
    #expect(second["pending_count"] as? Int == 2)
    #expect(second["success_count"] as? Int == 2)
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

  /// 15 s, then 30, then 60, and 15 again as soon as a router has come to its end.
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
    #expect(waits == [15, 30, 60, 60, 15, 30])
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

  /// What is another command, by its execution, redrive, wave or phase, is sent all the same.
  @Test(arguments: [
    ["execution": "arn:aws:states:us-east-1:123456789012:execution:sdwan:run-2"], ["redrive_count": "1"],
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
    #expect(second["pending_count"] as? Int == 1)
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
      states.append((state["routers"] as? [String: String])?["nv-sdwan"] ?? "")
      clock.advance(.seconds(15))
      answer = try await run(hosts, .phase3, "check", ["state": state], environment: environment)
    }
    let asks =
      hosts.scripts["nv-sdwan"]?.map { $0.contains(" ike-sa ipsec-log'\n") } ?? []
    #expect(asks.first == false && asks.dropFirst().allSatisfy { $0 })
    #expect(asks.count == (verifyTimeout == "0" ? 2 : 4))
    #expect(states.first?.hasPrefix("r:0:") == true && states.last?.hasPrefix("q:") == true, "\(states)")
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

  /// Step Functions redrives a task that failed, so a phase can be asked to be one.
  @Test(arguments: ["run", "start"])
  func failingOnRouters(action: String) async throws {
    let hosts = try FakeHosts.standard { name, _ in
      FakeHosts.Answer(status: name == "nv-sdwan" ? "Failed" : "Success", stderr: "sdwan: it broke")
    }
    let error = await #expect(throws: Failure.self) {
      let started = try await run(hosts, .phase2, action, ["fail_on_routers": true])
      _ = try await run(
        hosts, .phase2, "check", ["fail_on_routers": true, "state": try #require(started["state"])])
    }
    #expect(error?.type == "Phase.RoutersFailed")
    #expect(error?.message == "phase2: 3 of 4 routers succeeded; nv-sdwan: it broke")
  }

  @Test func missingParameters() async throws {
    let hosts = try FakeHosts.standard()
    hosts.set("/sdwan/nv-sdwan/instance-id", in: .virginia, to: nil)
    let started = try await run(hosts, .phase2, "start")
    #expect(started["fail_count"] as? Int == 1)
    let last = ReadResult(
      object: try await run(hosts, .phase2, "check", ["state": try #require(started["state"])]))
    #expect(last.failed == ["nv-sdwan"])
    #expect(last.text("nv-sdwan", "stderr").contains("/sdwan/nv-sdwan/instance-id"))
  }

  private func started(_ hosts: FakeHosts) async throws -> [String: Any] {
    let answer = try await run(hosts, .phase2, "start")
    return try #require(answer["state"] as? [String: Any])
  }

  /// A state is believed only as a step wrote it, and for the routers that it is about.
  @Test(
    arguments: [
      (["started": -1], "state"), (["started": "now"], "state"), (["started": 1e300], "starts in"),
      (["wait": 16], "state"),
      (["more": 1], "state"), (["routers": [String: String]()], "fra-branch1"),
      (["routers": ["nv-sdwan": "w"]], "fra-branch1"),
      (["atlantis": "w"], "atlantis"), (["nv-sdwan": "r:0:"], "state"), (["nv-sdwan": "r:01:c-1"], "state"),
      (["nv-sdwan": "q:01:c-1"], "state"), (["nv-sdwan": "q:0:"], "state"),
      (["nv-sdwan": "r:-1:c-1"], "state"), (["nv-sdwan": "r:0:c 1"], "state"),
      (["nv-sdwan": "e:s:../x"], "state"),
      (["nv-sdwan": "e:x:c-1"], "state"), (["nv-sdwan": "e:s:\(String(repeating: "c", count: 65))"], "state"),
      (["nv-sdwan": "w:"], "state"), (["nv-sdwan": "x:f:\(String(repeating: "r", count: 301))"], "state"),
      (["nv-sdwan": "x:f:two\nlines"], "state"), (["nv-sdwan": 5], "state"),
    ] as [([String: any Sendable], String)])
  func aStateThatNoStepWrote(change: [String: any Sendable], words: String) async throws {
    let hosts = try FakeHosts.standard()
    var state = try await started(hosts)
    for (name, value) in change {
      if state[name] != nil || name == "more" {
        state[name] = value
      } else {
        var routers = try #require(state["routers"] as? [String: Any])
        routers[name] = value
        state["routers"] = routers
      }
    }
    let event = try stepEvent("check", ["state": state])
    let error = await #expect(throws: Failure.self) {
      _ = try await hosts.run(.phase2, event: event, clock: clock)
    }
    #expect(
      error?.type == "Event.Invalid" && error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  /// Seen once at its end, a command has ended, whatever later answers say.
  @Test(arguments: [("e:s:", "Success"), ("e:f:", "Failed"), ("e:t:", "TimedOut")])
  func endedIsEnded(letter: String, status: String) async throws {
    let hosts = try FakeHosts.standard()
    var state = try await started(hosts)
    var routers = try #require(state["routers"] as? [String: String])
    routers["nv-sdwan"] = "\(letter)command-nv-sdwan"
    routers["fra-sdwan"] = "\(letter)command-that-is-gone"
    for name in ["nv-branch1", "fra-branch1"] { routers[name] = "e:s:command-\(name)" }
    state["routers"] = routers
    hosts.keepBusy(["nv-sdwan"])
    let last = ReadResult(object: try await run(hosts, .phase2, "check", ["state": state]))
    #expect(last.object["done"] as? Bool == true)
    for name in ["nv-sdwan", "fra-sdwan"] {
      #expect(last.text(name, "status") == status)
      #expect(last.text(name, "stderr").contains("it ended as \(status)"))
    }
    hosts.keepBusy([])
    let later = ReadResult(object: try await run(hosts, .phase2, "check", ["state": state]))
    #expect(later.text("nv-sdwan", "status") == status)
    #expect(later.text("nv-sdwan", "stderr").isEmpty == (status == "Success"))
  }

  /// The state of 1,000 routers stays far below the 256 KiB that Step Functions carries.
  @Test func sizeOfTheState() throws {
    let id = "01234567-89ab-cdef-0123-456789abcdef"
    let routers = (0..<1000).map {
      ("region-branch-\($0)", TargetProgress.running(commandID: id, attempt: 12))
    }
    let progress = Progress(
      started: UnixTime(seconds: 1_769_860_800.25), targets: Dictionary(uniqueKeysWithValues: routers))
    #expect(ResultSize.json(StepAnswer(.phase(.phase2), progress), .network).count < 80_000)
  }

  @Test func progressSurvivesTheWay() throws {
    let all: [String: TargetProgress] = [
      "a": .waiting, "b": .running(commandID: "c-1", attempt: 3), "c": .ended(commandID: "c-2", .timedOut),
      "d": .without(.failed, reason: "a: b: c"), "e": .ended(commandID: "c-3", .success),
      "f": .running(commandID: "c-4", attempt: 1, asksWhy: true),
    ]
    let progress = Progress(started: UnixTime(seconds: 12.5), targets: all)
    let bytes = ResultSize.json(progress)
    #expect(try JSONDecoder().decode(Progress.self, from: Data(bytes)) == progress)
  }
}
