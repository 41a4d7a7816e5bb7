import AWSClient
import Foundation
import Groundwork
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

/// A hub with as many branches as a router may have is asked by several commands, and judged like others.
@Suite struct LargeHubTests {
  private static let hub = #"{"instances": ["hub"]}"#

  private func hosts(
    _ star: StarNetwork,
    _ answer: (@Sendable (FakeHosts.Command, Int, FakeHosts.Answer) -> FakeHosts.Answer)? = nil
  ) -> FakeHosts {
    FakeHosts.byCommand(star.topology, star.hosts) { command, number in
      let healthy = star.answer(to: command)
      return answer?(command, number, healthy) ?? healthy
    }
  }

  private func environment(_ star: StarNetwork, _ version: VyOSVersion) -> [String: String] {
    ["SDWAN_TOPOLOGY": star.json, "VYOS_VERSION": version.rawValue, "SDWAN_REGIONS": "us-east-1"]
  }

  @Test(arguments: [(VyOSVersion.v1_3, 7), (.v1_5, 8)])
  func isHealthy(version: VyOSVersion, parts: Int) async throws {
    let star = try StarNetwork(branches: Topology.mostTunnels, version)
    let hosts = hosts(star)
    let result = try await hosts.run(.phase3, event: Self.hub, environment: environment(star, version))
    #expect(result.failed == [], "\(result.summary)")
    #expect(hosts.commands.count == parts)
    for command in hosts.commands {
      #expect(star.answer(to: command).stdout.count <= 24_000, "\(command.comment)")
      #expect(command.comment.count <= 100)
    }
    let pings = result.details("hub")["ping"] as? [String: String]
    #expect(pings?.count == 2 * Topology.mostTunnels && pings?.values.allSatisfy { $0 == "ok" } == true)
  }

  /// Up to ``Questions/together`` tunnels one command asks for everything.
  @Test(arguments: [(Questions.together, 1), (Questions.together + 1, 2)])
  func aSmallOneIsAskedOnce(branches: Int, parts: Int) async throws {
    let star = try StarNetwork(branches: branches, .v1_5)
    let hosts = hosts(star)
    let result = try await hosts.run(.phase3, event: Self.hub, environment: environment(star, .v1_5))
    #expect(result.failed == [], "\(result.summary)")
    #expect(hosts.commands.count == parts)
  }

  /// Every question is asked by one part, and every peer is pinged by one, whatever the number of tunnels.
  @Test(arguments: VyOSVersion.allCases)
  func theParts(version: VyOSVersion) {
    for tunnels in 0...Topology.mostTunnels {
      let (plain, asking) = (
        Questions.parts(tunnels: tunnels, version: version, asksWhy: false),
        Questions.parts(tunnels: tunnels, version: version, asksWhy: true)
      )
      let tables = Questions.Table.allCases.filter { $0 != .connections || version.namesPeers }
      let isWhole =
        asking.flatMap(\.tables) == tables && asking.flatMap { Array($0.peers) } == Array(0..<tunnels)
        && plain.flatMap(\.tables) == tables.dropLast(2)
      #expect(isWhole, "\(tunnels)")
      #expect(asking.allSatisfy { $0.peers.count <= Questions.pinged })
      // What one part asks does not depend on whether another one asks why.
      #expect(tunnels <= Questions.together || Array(asking.prefix(plain.count)) == plain)
    }
  }

  /// A part that fails leaves its answers unknown, so the hub is looked at again; and it says which part, and why.
  @Test(arguments: [true, false])
  func aPartThatFails(passes: Bool) async throws {
    let star = try StarNetwork(branches: 120, .v1_3)
    let hosts = hosts(star) { _, number, healthy in
      number == 2 || !passes && number % 3 == 2
        ? FakeHosts.Answer(status: "Failed", stderr: "sdwan: another run is at work on this host") : healthy
    }
    let result = try await hosts.run(.phase3, event: Self.hub, environment: environment(star, .v1_3))
    #expect(result.failed == (passes ? [] : ["hub"]), "\(result.summary)")
    #expect(hosts.commands.count >= 6 && hosts.commands.count % 3 == 0)
    guard !passes else { return }
    #expect(result.text("hub", "stderr").contains("part 2: sdwan: another run is at work"))
  }

  /// A hub of three commands that stays as it is: 60 s, and 15 s for each command beyond the first. 0 stays one look.
  @Test(arguments: [(nil, 90), ("0", 0)] as [(String?, Double)])
  func howLongItIsLookedAt(variable: String?, seconds: Double) async throws {
    let star = try StarNetwork(branches: 120, .v1_3)
    let clock = VirtualClock()
    let hosts = hosts(star) { _, number, healthy in
      number % 3 == 0 ? FakeHosts.Answer(status: "Failed", stderr: "sdwan: it broke") : healthy
    }
    var environment = environment(star, .v1_3)
    environment["SDWAN_VERIFY_TIMEOUT"] = variable
    let result = try await hosts.run(.phase3, event: Self.hub, clock: clock, environment: environment)
    #expect(result.failed == ["hub"])
    #expect(clock.elapsed <= .seconds(seconds + 6) && clock.elapsed >= .seconds(seconds - 15))
    #expect(variable == nil || hosts.commands.count == 3)
  }

  /// What Run Command has cut can't be unpacked: that is said, and is no verdict on the router.
  @Test func aPartThatIsTooLong() async throws {
    let star = try StarNetwork(branches: 120, .v1_3)
    let hosts = hosts(star) { command, number, healthy in
      guard number % 3 == 2 else { return healthy }
      var random = SeededGenerator("what can't be packed")
      let noise = String(
        (0..<40_000).compactMap { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random) })
      return FakeHosts.Answer(stdout: StarNetwork.packed(noise))
    }
    let result = try await hosts.run(.phase3, event: Self.hub, environment: environment(star, .v1_3))
    #expect(result.failed == ["hub"])
    #expect(
      result.text("hub", "stderr").contains("can't be unpacked; of longer ones Run Command keeps 24,000"))
    #expect(hosts.commands.count > 3, "it is looked at again")
  }

  /// In steps each part is one; a check that is made again sends nothing twice.
  @Test func inSteps() async throws {
    let star = try StarNetwork(branches: 120, .v1_5)
    let (hosts, clock) = (hosts(star), VirtualClock())
    let environment = environment(star, .v1_5)
    func step(_ action: String, _ more: [String: Any]) async throws -> [String: Any] {
      let event = try stepEvent(action, more.merging(["instances": ["hub", "b0"]]) { $1 })
      return try await hosts.run(.phase3, event: event, clock: clock, environment: environment).object
    }
    hosts.keepBusy(["b0"])
    let started = try await step("start", [:])
    #expect(hosts.commands.count == 2)
    let parts = Questions.parts(tunnels: 120, version: .v1_5, asksWhy: false).count
    #expect(parts > 2)
    var state = try #require(started["state"] as? [String: Any])
    for part in 1..<parts {
      let answer = try await step("check", ["state": state])
      #expect(hosts.commands.count == part + 2)
      _ = try await step("check", ["state": state, "retry_count": 1])
      #expect(hosts.commands.count == part + 2, "an invocation that is retried sends nothing twice")
      state = try #require(answer["state"] as? [String: Any])
    }
    let ended = try await step("check", ["state": state])
    #expect((ended["progress"] as? [String: Any])?["success_count"] as? Int == 1)
    hosts.keepBusy([])
    let last = ReadResult(object: try await step("check", ["state": try #require(ended["state"])]))
    #expect(last.object["done"] as? Bool == true)
    #expect(last.failed == [], "\(last.summary)")
    #expect(hosts.commands.count == parts + 1, "and nor does the end")
    let mark = CommandMark.execution("arn:aws:states:us-east-1:123456789012:execution:sdwan:run-1")
    #expect(
      hosts.commands.allSatisfy { $0.comment.split(separator: " ").last?.hasPrefix("\(mark)-") == true })
    #expect(Set(hosts.commands.map(\.comment)).count == parts + 1)
  }

  /// A stopped execution's part is found and cancelled like any other command.
  @Test func aPartIsCancelled() async throws {
    let star = try StarNetwork(branches: 120, .v1_3)
    let (hosts, clock) = (hosts(star), VirtualClock())
    let environment = environment(star, .v1_3)
    let event = { (more: [String: Any]) in
      try stepEvent("check", more.merging(["instances": ["hub"]]) { $1 })
    }
    let start = try stepEvent("start", ["instances": ["hub"]])
    var answer = try await hosts.run(.phase3, event: start, clock: clock, environment: environment)
    for _ in 0..<2 {
      answer = try await hosts.run(
        .phase3, event: try event(["state": try #require(answer.object["state"])]), clock: clock,
        environment: environment)
    }
    hosts.keepBusy(["hub"])
    answer = try await hosts.run(
      .phase1, event: try stepEvent("cancel"), clock: clock, environment: environment)
    #expect(answer.object["cancelled_count"] as? Int == hosts.commands.count)
    #expect(hosts.commands.count == 3 && hosts.commands.allSatisfy(\.isCancelled))
  }

  /// An answer that comes when the time is over is not read, so that what is known can still be handed in.
  @Test func theTimeIsOver() async throws {
    let star = try StarNetwork(branches: 1, .v1_3)
    let clock = VirtualClock()
    let hosts = hosts(star) { _, _, healthy in
      clock.advance(.seconds(27))
      return healthy
    }
    let result = try await hosts.run(
      .phase3, event: Self.hub, clock: clock, deadline: VirtualClock.start + .seconds(30),
      environment: environment(star, .v1_3))
    #expect(result.text("hub", "status") == "TimedOut")
    #expect(result.summary.contains("the function's time was over before its answers were read"))
  }

  @Test func aRouterHasSoManyTunnels() throws {
    _ = try Topology(json: Array(StarNetwork.json(branches: Topology.mostTunnels).utf8))
    let error = #expect(throws: TopologyError.self) {
      _ = try Topology(json: Array(StarNetwork.json(branches: Topology.mostTunnels + 1).utf8))
    }
    #expect(error?.description.contains(#"router "hub" has 401 tunnels, and may have 400"#) == true)
  }

  /// A new hub's plan comes by as many commands as its lines take, and says nothing where they don't belong together.
  @Test(arguments: [(5000, 3, true), (5000, 3, false), (2000, 1, true), (1_000_000, 10, false)])
  func itsPlan(lines: Int, commands: Int, isWhole: Bool) async throws {
    let star = try StarNetwork(branches: 120, .v1_5)
    let hosts = FakeHosts.byCommand(star.topology, star.hosts) { command, number in
      let first = StarNetwork.values("FIRST_LINE", command.parameters["commands"]?.first ?? "").first.flatMap
      { Int($0) }
      let told = (first ?? 1)..<min((first ?? 1) + 2000, lines + 1)
      let answers = [
        ("container", "sdwan: plan: the router is running"),
        ("plan", told.map { "plan + x \($0)" }.joined(separator: "\n")),
        ("plan-lines", "\(isWhole || number < 3 ? lines : lines + 1)"),
      ]
      let text = answers.map { "=====[ \($0) ]=====\n\($1)\n=====[ end \($0) 0 ]=====\n" }.joined()
      return FakeHosts.Answer(stdout: StarNetwork.packed(text))
    }
    let result = try await hosts.run(
      .phase2, event: #"{"instances": ["hub"], "mode": "plan"}"#, environment: environment(star, .v1_5))
    #expect(hosts.commands.count == commands)
    #expect(result.failed == (isWhole ? [] : ["hub"]), "\(result.summary)")
    #expect(!isWhole || result.summary.contains("\(lines) set"), "\(result.summary)")
  }
}
