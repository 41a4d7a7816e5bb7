import AWSClient
import Foundation
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

@Suite struct TopologyPropertyTests {
  private func forEachNetwork(_ name: String, _ body: (RandomNetwork, inout SeededGenerator) throws -> Void)
    throws
  {
    var random = SeededGenerator(name)
    for _ in 0..<RandomNetwork.cases { try body(try RandomNetwork(&random), &random) }
  }

  /// P7.
  @Test func tunnelsAreOneNetworkInOneRegion() throws {
    try forEachNetwork("P7 tunnels") { network, _ in
      for tunnel in network.topology.tunnels {
        let ends = [tunnel.first, tunnel.second]
        #expect(Set(ends.map { $0.address.address.bits >> 2 }).count == 1)
        #expect(Set(ends.map { $0.address.address.bits & 3 }) == [1, 2])
        #expect(Set(ends.map { network.topology.router(named: $0.router)?.region }).count == 1)
      }
    }
  }

  /// P8, of a topology as a user writes it: without AS numbers they follow the role.
  @Test func numbersByRoleAndDistinctLoopbacks() throws {
    try forEachNetwork("P8 roles") { network, _ in
      let topology = try Topology(json: Self.json(network, withASN: false))
      for router in topology.routers { #expect(router.asn == (router.role == .sdwan ? 65001 : 65002)) }
      #expect(Set(topology.routers.map(\.loopback)).count == topology.routers.count)
    }
  }

  /// P9.
  @Test func pingTargets() throws {
    try forEachNetwork("P9 pings") { network, random in
      for router in network.topology.routers.shuffled(using: &random).prefix(3) {
        let expectation = try network.topology.expectation(of: router, network.hosts, .v1_3)
        let text = Scripts(version: .v1_3).verification(
          region: router.region, expectation, asksWhy: true)
        let script = GeneratedScript(router: router, version: .v1_3, text: text)
        let targets = Set(try script.variable("PING_TARGETS").split(separator: " ").map(String.init))
        // Found without help of the topology's own view of its tunnels.
        let far = network.tunnels.flatMap { [($0.first, $0.second), ($0.second, $0.first)] }
          .filter { $0.0.router == router.name }.map(\.1)
        let addresses = far.map { "\($0.address.address)" }
        let loopbacks = network.routers.filter { other in far.contains { $0.router == other.name } }
          .map { "\($0.loopback)" }
        #expect(targets == Set(addresses + loopbacks))
        let routes = Set(try script.variable("ROUTES").split(separator: " ").map(String.init))
        #expect(routes == Set(loopbacks.map { "\($0)/32" }))
      }
    }
  }

  @Test func roundTripThroughText() throws {
    try forEachNetwork("round trip") { network, _ in
      let topology = try Topology(json: Self.json(network, withASN: true))
      #expect(topology == network.topology)
    }
  }

  /// Any one thing changed for the worse is refused.
  @Test func oneBadChange() throws {
    try forEachNetwork("bad changes") { network, random in
      guard let index = network.tunnels.indices.randomElement(using: &random) else { return }
      let changes: [(inout Tunnel) -> Void] = [
        { $0.second.router = $0.first.router },
        { $0.second.router = "nobody" },
        { $0.first.vti = "eth0" },
        { $0.second.address = $0.first.address },
        { $0.first.address.prefixLength = 29 },
        { $0.first.address = Self.moved($0.first.address, by: 4) },
        { $0.second.address = Self.moved($0.second.address, by: 2) },
      ]
      for change in changes {
        var tunnels = network.tunnels
        change(&tunnels[index])
        let error = #expect(throws: TopologyError.self) {
          try Topology(routers: network.routers, tunnels: tunnels)
        }
        #expect(error?.description.contains("tunnel \"\(tunnels[index].name)\"") == true)
      }
    }
  }

  private static func moved(_ interface: IPv4Interface, by count: UInt32) -> IPv4Interface {
    IPv4Interface(address: IPv4Address(bits: interface.address.bits &+ count), prefixLength: 30)
  }

  static func json(_ network: RandomNetwork, withASN: Bool) throws -> [UInt8] {
    var routers: [String: [String: Any]] = [:]
    for router in network.routers {
      var entry: [String: Any] = ["role": router.role.rawValue, "loopback": "\(router.loopback)/32"]
      if Region.ofInstance(named: router.name) != router.region { entry["region"] = router.region.name }
      if withASN { entry["asn"] = router.asn }
      routers[router.name] = entry
    }
    let tunnels = network.tunnels.map { tunnel in
      [
        "name": tunnel.name,
        "ends": [tunnel.first, tunnel.second].map { end in
          ["router": end.router, "vti": end.vti, "address": "\(end.address)"]
        },
      ] as [String: Any]
    }
    return Array(try JSONSerialization.data(withJSONObject: ["routers": routers, "tunnels": tunnels]))
  }
}
