import AWSClient
import Groundwork
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

/// Phases from the event to the result, over a Systems Manager of one function.
@Suite struct PhaseHandlerTests {
  private static let names = ["fra-branch1", "fra-sdwan", "nv-branch1", "nv-sdwan"]

  /// What healthy routers of the standard network print.
  static func healthyOutputs(_ version: VyOSVersion) throws -> [String: String] {
    let topology = try Topology.standard()
    var outputs: [String: String] = [:]
    for router in topology.routers {
      let expected = try topology.expectation(of: router, RandomNetwork.standardHosts(), version)
      outputs[router.name] = try RouterOutput.healthy(expected).text
    }
    return outputs
  }

  @Test(arguments: [Phase.phase1, .phase2])
  func configuring(phase: Phase) async throws {
    let hosts = try FakeHosts.standard()
    let result = try await hosts.run(phase)
    #expect(result.object["phase"] as? String == phase.rawValue)
    #expect(result.object["success_count"] as? Int == 4)
    #expect(result.object["fail_count"] as? Int == 0)
    #expect(result.failed.isEmpty)
    #expect(result.summary == "4 of 4 routers succeeded")
    #expect(result.results.keys.sorted() == Self.names)
    for name in Self.names {
      #expect(result.text(name, "status") == "Success")
      #expect(result.text(name, "command_id") == "command-\(name)")
      #expect(result.text(name, "instance_id").hasPrefix("i-0000"))
      #expect(result.text(name, "stdout").contains("committed"))
      #expect(result.text(name, "stderr").isEmpty)
      #expect(result.details(name)["configuration"] as? String == "committed")
    }
  }

  /// 2.9: every command goes to its instance's own region, and each host gets its own script.
  @Test(arguments: Phase.allCases)
  func ownRegionOwnScript(phase: Phase) async throws {
    let outputs = try Self.healthyOutputs(.v1_3)
    let hosts = try FakeHosts.standard { router, _ in FakeHosts.Answer(stdout: outputs[router] ?? "") }
    _ = try await hosts.run(phase)
    for name in Self.names {
      #expect(hosts.regions[name] == [name.hasPrefix("nv-") ? "us-east-1" : "eu-central-1"])
      let scripts = try #require(hosts.scripts[name])
      #expect(scripts.count == 1)
      #expect(scripts[0].hasPrefix("#!/bin/bash\n"))
    }
    if phase != .phase1 { #expect(Set(hosts.scripts.values.joined()).count == 4) }
  }

  @Test func unchanged() async throws {
    let hosts = try FakeHosts.standard { _, _ in FakeHosts.Answer(stdout: "sdwan: configuration unchanged\n")
    }
    let result = try await hosts.run(.phase2)
    #expect(result.details("nv-sdwan")["configuration"] as? String == "unchanged")
  }

  @Test(arguments: VyOSVersion.allCases)
  func verifying(version: VyOSVersion) async throws {
    let outputs = try Self.healthyOutputs(version)
    let hosts = try FakeHosts.standard { router, _ in FakeHosts.Answer(stdout: outputs[router] ?? "") }
    let result = try await hosts.run(.phase3, environment: ["VYOS_VERSION": version.rawValue])
    #expect(result.object["success_count"] as? Int == 4, "\(result.summary)")
    for name in Self.names {
      let details = result.details(name)
      for area in ["ipsec", "bgp", "interfaces"] { #expect(details[area] as? String == "ok") }
      #expect((details["ping"] as? [String: String])?.values.sorted() == ["ok", "ok"])
      #expect((details["reasons"] as? [String])?.isEmpty == true)
      #expect((details["checked_at"] as? String)?.hasPrefix("2026-01-31T12:") == true)
    }
    #expect((result.details("nv-sdwan")["ping"] as? [String: String])?["169.254.100.2"] == "ok")
    #expect((result.details("fra-branch1")["ping"] as? [String: String])?["169.254.100.13"] == "ok")
  }

  @Test func onlyTheNamedRouters() async throws {
    let hosts = try FakeHosts.standard()
    let result = try await hosts.run(.phase1, event: #"{"instances": ["fra-sdwan"]}"#)
    #expect(result.results.keys.sorted() == ["fra-sdwan"])
    #expect(hosts.scripts.keys.sorted() == ["fra-sdwan"])
    #expect(result.summary == "1 of 1 routers succeeded")
  }

  @Test func aHostThatFails() async throws {
    let hosts = try FakeHosts.standard { router, _ in
      router == "nv-branch1"
        ? FakeHosts.Answer(
          status: "Failed", stdout: "x", stderr: "noise\nsdwan: the commit failed: [[vpn]] failed\n")
        : FakeHosts.Answer()
    }
    let result = try await hosts.run(.phase2)
    #expect(result.object["success_count"] as? Int == 3)
    #expect(result.failed == ["nv-branch1"])
    let sentence = "nv-branch1: the commit failed: [[vpn]] failed (noise)"
    #expect(result.summary == "3 of 4 routers succeeded; \(sentence)")
    #expect(result.text("nv-branch1", "stderr").contains("noise"))
  }

  // MARK: Parameters

  /// The router fails with the parameter's path; in phases 2 and 3 so does the peer if it needs the address.
  @Test(
    arguments: Phase.allCases,
    [
      ("instance-id", nil), ("instance-id", "i-bad; reboot"), ("outside-eip", nil),
      ("outside-private-ip", "10.0.0.256"),
    ]
      as [(String, String?)])
  func oneBadParameter(phase: Phase, parameter: (String, String?)) async throws {
    let outputs = try Self.healthyOutputs(.v1_3)
    let hosts = try FakeHosts.standard { router, _ in FakeHosts.Answer(stdout: outputs[router] ?? "") }
    let path = "/sdwan/nv-branch1/\(parameter.0)"
    hosts.set(path, in: .virginia, to: parameter.1)
    let result = try await hosts.run(phase)
    let needsPeer = phase != .phase1 && parameter.0 != "instance-id"
    let failed = needsPeer ? ["nv-branch1", "nv-sdwan"] : ["nv-branch1"]
    #expect(result.failed == failed)
    #expect(result.object["fail_count"] as? Int == failed.count)
    #expect(result.object["success_count"] as? Int == 4 - failed.count)
    for name in failed {
      #expect(result.text(name, "status") == "Failed")
      #expect(result.text(name, "stderr").contains(path))
      #expect(result.text(name, "command_id").isEmpty)
      #expect(hosts.scripts[name] == nil)
      #expect(result.summary.contains("\(name): "))
      if phase == .phase3 {
        #expect(result.details(name)["ipsec"] as? String == "fail")
        #expect(
          (result.details(name)["ping"] as? [String: String])?.values.allSatisfy { $0 == "unknown" } == true)
      }
    }
  }

  @Test(arguments: Phase.allCases)
  func noParameterAtAll(phase: Phase) async throws {
    let hosts = try FakeHosts.standard()
    hosts.removeAllParameters()
    let error = await #expect(throws: Failure.self) {
      try await hosts.run(phase, environment: ["SSM_PARAM_PREFIX": "/elsewhere/"])
    }
    #expect(error?.type == "Parameters.NotFound")
    for word in ["/elsewhere/", "us-east-1", "eu-central-1"] {
      #expect(error?.message.contains(word) == true)
    }
  }

  @Test func aRegionThatCanNotBeRead() async throws {
    let hosts = try FakeHosts.standard()
    hosts.deny(.frankfurt)
    let result = try await hosts.run(.phase2)
    #expect(result.failed == ["fra-branch1", "fra-sdwan"])
    #expect(result.text("fra-sdwan", "stderr").contains("eu-central-1 could not be read"))
    #expect(result.text("fra-sdwan", "stderr").contains("AccessDeniedException"))
    hosts.deny(.virginia)
    let error = await #expect(throws: Failure.self) { try await hosts.run(.phase2) }
    #expect(error?.type == "AWS.AccessDeniedException")
  }

  @Test func aRegionThatIsNotAskedFor() async throws {
    let hosts = try FakeHosts.standard()
    let result = try await hosts.run(.phase1, environment: ["SDWAN_REGIONS": "us-east-1"])
    #expect(result.failed == ["fra-branch1", "fra-sdwan"])
    #expect(result.text("fra-sdwan", "stderr").contains("SDWAN_REGIONS"))
  }

  @Test func generatedNetworks() async throws {
    var random = SeededGenerator("phases over generated networks")
    for _ in 0..<5 {
      let network = try RandomNetwork(&random)
      let text = String(decoding: try TopologyPropertyTests.json(network, withASN: true), as: UTF8.self)
      var outputs: [String: String] = [:]
      for router in network.topology.routers {
        let expected = try network.topology.expectation(of: router, network.hosts, .v1_4)
        outputs[router.name] = try RouterOutput.healthy(expected).text
      }
      let lonely = network.topology.routers.filter { network.topology.links(of: $0).isEmpty }.count
      let hosts = FakeHosts(network.topology, network.hosts) { [outputs] router, _ in
        FakeHosts.Answer(stdout: outputs[router] ?? "")
      }
      let environment = ["SDWAN_TOPOLOGY": text, "VYOS_VERSION": "1.4"]
      let count = network.topology.routers.count
      for phase in Phase.allCases {
        let result = try await hosts.run(phase, environment: environment)
        let success = result.object["success_count"] as? Int ?? 0
        #expect(success == count || success >= count - lonely, "\(phase): \(result.summary)")
      }
    }
  }
}
