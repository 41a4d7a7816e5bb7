import AWSClient
import Foundation
import Groundwork
import SSMKit
import Testing

@testable import SDWAN

/// The table of networks and hosts that are refused, which is the test of Terraform's variables too.
enum RefusedNetworks {
  /// A good text in which one piece is replaced by another, and what the complaint must hold.
  struct Entry: Decodable {
    var piece: String
    var by: String
    var words: [String]

    func apply(to good: String) throws -> String {
      try #require(good.contains(piece), "the good one has no \(piece)")
      return good.replacingOccurrences(of: piece, with: by)
    }

    func check(_ good: String) throws {
      let bad = try apply(to: good)
      let error = #expect(throws: TopologyError.self) { try Topology(json: Array(bad.utf8)) }
      for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
    }
  }

  struct Host: Decodable {
    var instance_id: String
    var outside_eip: String
    var outside_private_ip: String
  }

  static let topology = text("topology.json")
  static let hosts = text("hosts.json")
  static let topologies = entries("refused-topologies.json")
  static let ofHosts = entries("refused-hosts.json")

  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ name: String) -> String {
    (try? String(contentsOf: project.appending(path: "Tests/Networks/\(name)"), encoding: .utf8)) ?? ""
  }

  static func terraformTest(_ name: String) throws -> String {
    try String(contentsOf: project.appending(path: "terraform/tests/\(name)"), encoding: .utf8)
  }

  private static func entries(_ name: String) -> [String: Entry] {
    (try? JSONDecoder().decode([String: Entry].self, from: Data(text(name).utf8))) ?? [:]
  }
}

@Suite struct RefusedNetworksTests {
  @Test func theGoodOnes() async throws {
    #expect(try Topology(json: Array(RefusedNetworks.topology.utf8)).tunnels.count == 3)
    #expect(RefusedNetworks.topologies.count > 70 && RefusedNetworks.ofHosts.count > 40)
    #expect(try await failures(with: RefusedNetworks.hosts).isEmpty)
  }

  @Test(arguments: RefusedNetworks.topologies.keys.sorted())
  func topologies(name: String) throws {
    try #require(RefusedNetworks.topologies[name]).check(RefusedNetworks.topology)
  }

  /// As values of Parameter Store: the routers that are affected fail, and nobody is sent a command for them.
  @Test(arguments: RefusedNetworks.ofHosts.keys.sorted())
  func hosts(name: String) async throws {
    let entry = try #require(RefusedNetworks.ofHosts[name])
    let failures = try await failures(with: entry.apply(to: RefusedNetworks.hosts))
    let words = entry.words.map { $0.shown(bytes: 60) }
    #expect(
      failures.values.contains { reason in words.allSatisfy(reason.contains) },
      "no failure has \(words): \(failures)")
  }

  /// Terraform has a run for each.
  @Test func terraformTestsTheSame() throws {
    for (file, table) in [
      ("topology.tftest.hcl", RefusedNetworks.topologies),
      ("existing_hosts.tftest.hcl", RefusedNetworks.ofHosts),
    ] {
      let runs = try RefusedNetworks.terraformTest(file)
      let missing = table.keys.filter { !runs.contains("run \"\($0)\" {") }
      #expect(missing.isEmpty, "\(file) lacks \(missing.sorted())")
    }
  }

  /// Why phase 2 failed, by router.
  private func failures(with hosts: String) async throws -> [String: String] {
    let (values, good) = (try read(hosts), try read(RefusedNetworks.hosts))
    let topology = try Topology(json: Array(RefusedNetworks.topology.utf8))
    let known = try good.mapValues { host in
      RandomNetwork.Host(
        instanceID: host.instance_id, eip: try #require(IPv4Address(host.outside_eip)),
        privateIP: try #require(IPv4Address(host.outside_private_ip)))
    }
    let fake = FakeHosts(topology, known) { _, _ in FakeHosts.Answer() }
    for router in topology.routers {
      let host = try #require(values[router.name])
      for (type, value) in [
        ("instance-id", host.instance_id), ("outside-eip", host.outside_eip),
        ("outside-private-ip", host.outside_private_ip),
      ] { fake.set("/sdwan/\(router.name)/\(type)", in: router.region, to: value) }
    }
    let result = try await fake.run(.phase2, environment: ["SDWAN_TOPOLOGY": RefusedNetworks.topology])
    let failed = result.results.keys.filter { result.text($0, "status") != "Success" }
    return Dictionary(uniqueKeysWithValues: failed.map { ($0, result.text($0, "stderr")) })
  }

  private func read(_ hosts: String) throws -> [String: RefusedNetworks.Host] {
    try JSONDecoder().decode([String: RefusedNetworks.Host].self, from: Data(hosts.utf8))
  }
}
