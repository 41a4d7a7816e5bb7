import AWSClient
import FleetKit
import FleetTesting
import Foundation
import Groundwork
import Synchronization
import Testing

@testable import SDWAN

/// What phase 3 tells CloudWatch of tunnels.
@Suite struct TunnelMeasurementTests {
  /// The lines about tunnels by the tunnel's name; the one about all has none.
  private func lines(
    own: Bool = true, event: String = "{}", wrong: String? = nil, silent: Set<String> = []
  ) async throws -> [String: [String: Any]] {
    let healthy = try PhaseHandlerTests.healthyOutputs(.v1_3)
    let broken = try VerificationPollingTests.transient()
    let hosts = try FakeHosts.standard { router, _ in
      if silent.contains(router) { return FakeHosts.Answer(status: "Failed", stderr: "no space left") }
      return FakeHosts.Answer(stdout: router == wrong ? broken : healthy[router] ?? "")
    }
    let lines = Mutex<[[UInt8]]>([])
    let logger = Logger(environment: { _ in nil }, clock: { VirtualClock.start }) { line in
      lines.withLock { $0.append(line) }
    }
    let environment = ["SDWAN_VERIFY_TIMEOUT": "0", "SDWAN_NAME": "sdwan"]
      .merging(own ? ["SDWAN_TUNNEL_METRICS": "true"] : [:]) { $1 }
    let dependencies = hosts.service.dependencies(VirtualClock().clock(), environment: environment)
    let handler = try Verification.handler(dependencies)
    _ = try await handler(Invocation(requestID: "r", event: Array(event.utf8)), logger)
    let objects = lines.withLock { $0 }.compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0))) as? [String: Any]
    }
    return Dictionary(
      objects.filter { $0["_aws"] != nil && $0["Phase"] == nil }.map { ($0["Tunnel"] as? String ?? "", $0) }
    ) { first, _ in first }
  }

  private func states(_ lines: [String: [String: Any]]) -> [String: Int] {
    lines.compactMapValues { $0["TunnelUp"] as? Int }
  }

  @Test func ofEveryTunnel() async throws {
    let lines = try await lines()
    let names = try Topology.standard().tunnels.map(\.name)
    #expect(states(lines) == Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }))
    for name in names {
      let line = try #require(lines[name])
      #expect(line["TunnelLoss"] as? Int == 0)
      #expect((line["TunnelRoundTrip"] as? Double).map { $0 > 0 } == true)
      let directive = ((line["_aws"] as? [String: Any])?["CloudWatchMetrics"] as? [[String: Any]])?.first
      #expect(directive?["Namespace"] as? String == "SDWAN")
      #expect(directive?["Dimensions"] as? [[String]] == [["Name", "Tunnel"]])
      let metrics = directive?["Metrics"] as? [[String: String]] ?? []
      #expect(metrics.compactMap { $0["Name"] } == ["TunnelUp", "TunnelLoss", "TunnelRoundTrip"])
    }
    #expect(lines[""]?["TunnelsDown"] as? Int == 0)
  }

  @Test func oneThatIsDown() async throws {
    let lines = try await lines(wrong: "nv-sdwan")
    let names = try Topology.standard().tunnels
    let down = try #require(names.first { $0.ends(seenFrom: "nv-sdwan") != nil }).name
    #expect(states(lines)[down] == 0 && states(lines).values.count { $0 == 1 } == names.count - 1)
    #expect(lines[""]?["TunnelsDown"] as? Int == 1)
  }

  /// One end tells of a tunnel; where neither does nobody knows.
  @Test(arguments: [(Set(["nv-sdwan"]), 2), (Set(["nv-sdwan", "nv-branch1"]), 1)])
  func whatNobodyKnowsIsNoNumber(silent: Set<String>, known: Int) async throws {
    let lines = try await lines(silent: silent)
    #expect(states(lines).count == known && states(lines).values.allSatisfy { $0 == 1 })
    #expect(lines[""]?["TunnelsDown"] as? Int == 0)
  }

  @Test func onlyWhereItIsWanted() async throws {
    #expect(try await lines(own: false).isEmpty)
    #expect(try await lines(event: #"{"mode": "plan"}"#).isEmpty)
  }
}
