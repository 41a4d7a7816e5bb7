import Foundation
import SSMKit
import Testing

@testable import SDWAN

@Suite struct TopologyTests {
  /// The table of the requirements: name, region, role, loopback, AS, VTI address, peer, ping target.
  @Test(
    arguments: [
      (
        "nv-sdwan", "us-east-1", "sdwan", "10.255.0.1", 65001, "169.254.100.1/30", "nv-branch1",
        "169.254.100.2"
      ),
      (
        "nv-branch1", "us-east-1", "branch", "10.255.1.1", 65002, "169.254.100.2/30", "nv-sdwan",
        "169.254.100.1"
      ),
      (
        "fra-sdwan", "eu-central-1", "sdwan", "10.255.10.1", 65001, "169.254.100.13/30", "fra-branch1",
        "169.254.100.14"
      ),
      (
        "fra-branch1", "eu-central-1", "branch", "10.255.11.1", 65002, "169.254.100.14/30", "fra-sdwan",
        "169.254.100.13"
      ),
    ] as [(String, String, String, String, UInt32, String, String, String)])
  func standard(
    name: String, region: String, role: String, loopback: String, asn: UInt32, address: String, peer: String,
    target: String
  ) throws {
    let topology = try Topology.standard()
    #expect(topology.routers.count == 4 && topology.tunnels.count == 2)
    let router = try #require(topology.router(named: name))
    #expect(router.region.name == region)
    #expect(router.role.rawValue == role)
    #expect(router.loopback.description == loopback)
    #expect(router.asn == asn)
    let links = topology.links(of: router)
    #expect(links.map(\.own.vti) == ["vti0"])
    #expect(links.map(\.own.address.description) == [address])
    #expect(links.map(\.peer.name) == [peer])
    #expect(links.map(\.far.address.address.description) == [target])
  }

  /// What only a document can have wrong: Terraform's types leave no room for it.
  @Test(arguments: [
    (#""region": "eu-central-1", "role": "branch""#, #""role": "branch""#, ["\"e\"", "region is missing"]),
    (#""role": "branch", "loopback": "10.0.0.2/32""#, #""loopback": "10.0.0.2/32""#, ["b.role"]),
    (#""loopback": "10.0.0.2/32", "#, "", ["b.loopback"]),
    (#""asn": 65002"#, #""asn": "65002""#, ["b.asn"]),
    (#""tunnels""#, #""tunnel""#, ["tunnels is missing"]),
    (#""vti": "vti1", "#, "", ["vti is missing"]),
  ])
  func badDocuments(piece: String, replacement: String, words: [String]) throws {
    try RefusedNetworks.Entry(piece: piece, by: replacement, words: words).check(
      RefusedNetworks.topology)
  }

  @Test(arguments: [
    "", "[]", "4", "{", "{}", "null", #"{"routers": {}, "tunnels": []}"#, #"{"routers": [], "tunnels": []}"#,
  ])
  func noTopologyAtAll(text: String) {
    let error = #expect(throws: TopologyError.self) { try Topology(json: Array(text.utf8)) }
    #expect(error?.description.isEmpty == false)
  }
}
