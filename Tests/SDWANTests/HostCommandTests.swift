import AWSClient
import Foundation
import Groundwork
import FleetTesting
import Testing

@testable import SDWAN

/// Mode command: a document of the operator's on the hosts, by any phase's function.
@Suite struct HostCommandTests {
  private let clock = VirtualClock()

  private func hosts(status: String = "Success", stderr: String = "") throws -> FakeHosts {
    try .standard { name, _ in
      // What a phase would find in it counts for nothing here.
      FakeHosts.Answer(
        status: name == "nv-sdwan" ? status : "Success", stdout: "sdwan: configuration committed\n",
        stderr: name == "nv-sdwan" ? stderr : "")
    }
  }

  private func run(
    _ hosts: FakeHosts, _ phase: Phase, _ action: String, _ more: [String: Any] = [:],
    environment: [String: String] = [:]
  ) async throws -> ReadResult {
    let command: [String: Any] = [
      "mode": "command", "wave": "canary.pre1",
      "command": ["document": "Acme-Backup", "parameters": ["to": ["s3", "glacier"]]],
    ]
    let event = try stepEvent(action, command.merging(more) { $1 })
    return try await hosts.run(phase, event: event, clock: clock, environment: environment)
  }

  @Test(arguments: Phase.allCases)
  func theDocumentAsItIs(phase: Phase) async throws {
    let hosts = try hosts(status: "Failed", stderr: "disk full")
    let result = try await run(hosts, phase, "run")
    #expect(result.object["phase"] as? String == phase.rawValue)
    #expect(result.failed == ["nv-sdwan"])
    #expect(result.summary.contains("nv-sdwan: disk full"))
    for command in hosts.commands {
      #expect(command.document == "Acme-Backup")
      #expect(command.parameters == ["to": ["s3", "glacier"]])
      #expect(command.comment.hasPrefix("command \(command.instance) "))
    }
    #expect(hosts.commands.count == 4)
    for router in result.results.keys {
      #expect(result.details(router).isEmpty, "no verdict: the router was not looked at")
      #expect(result.text(router, "stdout").contains("committed"))
    }
  }

  @Test(arguments: Phase.allCases)
  func inSteps(phase: Phase) async throws {
    let hosts = try hosts()
    hosts.keepBusy(["nv-sdwan"])
    let started = try await run(hosts, phase, "start", ["timeout": 20])
    #expect((started.object["progress"] as? [String: Any])?["running_count"] as? Int == 4)
    let state = try #require(started.object["state"])
    let next = try await run(hosts, phase, "check", ["timeout": 20, "state": state])
    clock.advance(.seconds(20))
    let last = try await run(
      hosts, phase, "check", ["timeout": 20, "state": try #require(next.object["state"])])
    #expect(last.failed == ["nv-sdwan"])
    #expect(last.text("nv-sdwan", "status") == "TimedOut")
    #expect(last.text("nv-sdwan", "stderr").contains("after 20 s (timeout)"))
    #expect(hosts.commands.filter(\.isCancelled).map(\.instance) == ["nv-sdwan"])
    #expect(hosts.commands.count == 4)
  }

  /// The event's time holds where the whole is done in one go, too.
  @Test func theTimeIsOver() async throws {
    let hosts = try hosts()
    hosts.keepBusy(["nv-sdwan"])
    let result = try await run(hosts, .phase1, "run", ["timeout": 20])
    #expect(result.text("nv-sdwan", "stderr").contains("after 20 s (timeout)"))
    #expect(hosts.commands.filter(\.isCancelled).map(\.instance) == ["nv-sdwan"])
  }

  @Test func nothingIsSentTwice() async throws {
    let hosts = try hosts()
    _ = try await run(hosts, .phase1, "start")
    _ = try await run(hosts, .phase1, "start", ["retry_count": 1])
    #expect(hosts.commands.count == 4)
    // Another command, and the phase's own: what is equal is the wave and the routers.
    _ = try await run(hosts, .phase1, "start", ["retry_count": 1, "wave": "canary.pre2"])
    let phase = try stepEvent("start", ["retry_count": 1, "wave": "canary.pre1"])
    _ = try await hosts.run(.phase1, event: phase, clock: clock)
    #expect(hosts.commands.count == 12)
    #expect(Set(hosts.commands.map(\.comment)).count == 12)
  }

  /// A command before phase 1 may meet a host that has just been born.
  @Test func aHostThatComesLater() async throws {
    let hosts = try hosts()
    hosts.keepOffline(["nv-sdwan"])
    let environment = ["SDWAN_ONLINE_TIMEOUT": "60"]
    let started = try await run(hosts, .phase1, "start", environment: environment)
    #expect(hosts.commands.count == 3)
    hosts.keepOffline([])
    _ = try await run(
      hosts, .phase1, "check", ["state": try #require(started.object["state"])], environment: environment)
    #expect(hosts.commands.count == 4)
  }
}
