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

  private static let hub = #""a": {"region": "us-east-1", "role": "sdwan", "loopback": "10.0.0.1/32"}"#
  private static let branch = #""b": {"region": "us-east-1", "role": "branch", "loopback": "10.0.0.2/32"}"#
  private static let ends =
    #"{"router": "a", "vti": "vti0", "address": "10.9.0.1/30"}, {"router": "b", "vti": "vti0", "address": "10.9.0.2/30"}"#
  private static let tunnel = #"{"name": "t1", "ends": [\#(ends)]}"#

  /// A topology in which one piece of text is replaced by another, and what the complaint must hold.
  @Test(arguments: [
    (branch, #""nv b": {"role": "branch", "loopback": "10.0.0.2/32"}"#, ["router", "nv b"]),
    (branch, #""B": {"region": "us-east-1", "role": "branch", "loopback": "10.0.0.2/32"}"#, ["\"B\""]),
    (branch, #""-b": {"region": "us-east-1", "role": "branch", "loopback": "10.0.0.2/32"}"#, ["\"-b\""]),
    (branch, #""b": {"role": "branch", "loopback": "10.0.0.2/32"}"#, ["\"b\"", "region is missing"]),
    (branch, #""b": {"region": "mars", "role": "branch", "loopback": "10.0.0.2/32"}"#, ["\"b\"", "mars"]),
    (
      branch, #""b": {"region": "us-east-1", "role": "spoke", "loopback": "10.0.0.2/32"}"#,
      ["\"b\"", "spoke"]
    ),
    (branch, #""b": {"region": "us-east-1", "loopback": "10.0.0.2/32"}"#, ["b.role"]),
    (branch, #""b": {"region": "us-east-1", "role": "branch"}"#, ["b.loopback"]),
    ("10.0.0.2/32", "10.0.0.2", ["\"b\"", "loopback", "10.0.0.2"]),
    ("10.0.0.2/32", "10.0.0.2/31", ["\"b\"", "10.0.0.2/31"]),
    ("10.0.0.2/32", "10.0.0.300/32", ["\"b\"", "10.0.0.300/32"]),
    ("10.0.0.2/32", "10.0.0.1/32", ["10.0.0.1/32", "two routers"]),
    (#""role": "branch""#, #""role": "branch", "asn": 0"#, ["\"b\"", "AS"]),
    (#""role": "branch""#, #""role": "branch", "asn": 23456"#, ["\"b\"", "23456"]),
    (#""role": "branch""#, #""role": "branch", "asn": 4294967295"#, ["\"b\"", "4294967295"]),
    (#""role": "branch""#, #""role": "branch", "asn": 4294967296"#, ["\"b\"", "4294967296"]),
    (#""role": "branch""#, #""role": "branch", "asn": -1"#, ["\"b\"", "-1"]),
    (#""role": "branch""#, #""role": "branch", "asn": "65002""#, ["b.asn"]),
    (#""role": "branch""#, #""role": "branch", "asn": 65001"#, ["\"t1\"", "65001", "eBGP"]),
    (
      #""region": "us-east-1", "role": "branch""#, #""region": "eu-central-1", "role": "branch""#,
      ["\"t1\"", "crosses regions"]
    ),
    (#""router": "b""#, #""router": "c""#, ["\"t1\"", "no router \"c\""]),
    (#""router": "b""#, #""router": "a""#, ["\"t1\"", "both ends on a"]),
    (ends, #"{"router": "a", "vti": "vti0", "address": "10.9.0.1/30"}"#, ["\"t1\"", "1 ends"]),
    (
      #""vti": "vti0", "address": "10.9.0.2/30""#, #""vti": "tun0", "address": "10.9.0.2/30""#,
      ["\"t1\"", "tun0"]
    ),
    (
      #""vti": "vti0", "address": "10.9.0.2/30""#, #""vti": "vti00", "address": "10.9.0.2/30""#,
      ["\"t1\"", "vti00"]
    ),
    (
      #""vti": "vti0", "address": "10.9.0.2/30""#, #""vti": "vti", "address": "10.9.0.2/30""#,
      ["\"t1\"", "\"vti\""]
    ),
    (
      #""vti": "vti0", "address": "10.9.0.2/30""#, #""vti": "vti-1", "address": "10.9.0.2/30""#,
      ["\"t1\"", "vti-1"]
    ),
    (
      #""vti": "vti0", "address": "10.9.0.2/30""#, #""vti": "vti0;reboot", "address": "10.9.0.2/30""#,
      ["\"t1\"", "vti0;reboot"]
    ),
    ("10.9.0.2/30", "10.9.0.2", ["\"t1\"", "10.9.0.2"]),
    ("10.9.0.2/30", "10.9.0.2/31", ["\"t1\"", "10.9.0.2/31"]),
    ("10.9.0.2/30", "10.9.0.3/30", ["\"t1\"", "10.9.0.3/30"]),
    ("10.9.0.2/30", "10.9.0.0/30", ["\"t1\"", "10.9.0.0/30"]),
    ("10.9.0.2/30", "10.9.0.6/30", ["\"t1\"", "10.9.0.6/30"]),
    ("10.9.0.2/30", "10.9.0.1/30", ["\"t1\"", "10.9.0.1/30"]),
    (tunnel, "\(tunnel), \(tunnel)", ["\"t1\"", "twice"]),
    (tunnel, "\(tunnel), \(tunnel.replacingOccurrences(of: "t1", with: "t2"))", ["same VTI", "a vti0"]),
    (
      tunnel,
      tunnel + ", "
        + tunnel.replacingOccurrences(of: "t1", with: "t2").replacingOccurrences(of: "vti0", with: "vti1"),
      ["two tunnels between a and b"]
    ),
    (#""tunnels""#, #""tunnel""#, ["tunnels is missing"]),
  ])
  func badEntries(piece: String, replacement: String, words: [String]) throws {
    let good = #"{"routers": {\#(Self.hub), \#(Self.branch)}, "tunnels": [\#(Self.tunnel)]}"#
    #expect(try Topology(json: Array(good.utf8)).tunnels.count == 1)
    #expect(good.contains(piece))
    let bad = good.replacingOccurrences(of: piece, with: replacement)
    let error = #expect(throws: TopologyError.self) { try Topology(json: Array(bad.utf8)) }
    for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
  }

  @Test(arguments: [
    "", "[]", "4", "{", "{}", "null", #"{"routers": {}, "tunnels": []}"#, #"{"routers": [], "tunnels": []}"#,
  ])
  func noTopologyAtAll(text: String) {
    let error = #expect(throws: TopologyError.self) { try Topology(json: Array(text.utf8)) }
    #expect(error?.description.isEmpty == false)
  }

  @Test func aLongNameIsRefusedAndShortened() {
    let name = String(repeating: "n", count: 64)
    let text =
      #"{"routers": {"\#(name)": {"region": "us-east-1", "role": "sdwan", "loopback": "10.0.0.1/32"}}, "tunnels": []}"#
    let error = #expect(throws: TopologyError.self) { try Topology(json: Array(text.utf8)) }
    #expect(error?.description.contains("router name") == true)
  }

  /// One router has two tunnels in the same /30.
  @Test func twoTunnelsInOneNetwork() {
    let third = #""c": {"region": "us-east-1", "role": "branch", "loopback": "10.0.0.3/32"}"#
    let second =
      #"{"name": "t2", "ends": [{"router": "a", "vti": "vti1", "address": "10.9.0.1/30"}, {"router": "c", "vti": "vti0", "address": "10.9.0.2/30"}]}"#
    let text =
      #"{"routers": {\#(Self.hub), \#(Self.branch), \#(third)}, "tunnels": [\#(Self.tunnel), \#(second)]}"#
    let error = #expect(throws: TopologyError.self) { try Topology(json: Array(text.utf8)) }
    #expect(error?.description.contains("10.9.0.0/30") == true)
    #expect(error?.description.contains("\"a\"") == true)
  }
}
