import SSMKit
import Testing

@testable import SDWAN

/// What the parsers read from captured outputs.
@Suite struct ParserTests {
  private static let captured = [VyOSVersion.v1_3, .v1_4]

  @Test(arguments: captured)
  func securityAssociations(version: VyOSVersion) throws {
    let rows = try SecurityAssociation.parse(Fixture.text(version, "ipsec-sa", "healthy"))
    #expect(rows.count == (version == .v1_3 ? 1 : 2))
    for row in rows {
      #expect(row.isUp && row.remoteAddress == "203.0.113.2" && row.remoteID == "10.20.1.10")
      #expect(row.proposal == "AES_CBC_256/HMAC_SHA2_256_128")
    }
    #expect(try SecurityAssociation.parse(Fixture.text(version, "ipsec-sa", "psk-mismatch")).isEmpty)
    let dead = try Fixture.text(version, "ipsec-sa", "daemon-dead")
    #expect(throws: Unreadable.self) { try SecurityAssociation.parse(dead) }
  }

  @Test(arguments: [
    ("healthy", true), ("bgp-active-sa-up", true), ("psk-mismatch", false), ("ifaces-admin-down", false),
  ])
  func connections(state: String, isUp: Bool) throws {
    let rows = try IPsecConnection.parse(Fixture.text(.v1_4, "ipsec-connections", state))
    #expect(rows.map(\.type) == ["IKEv2", "IPsec"])
    #expect(rows.allSatisfy { $0.isUp == isUp && $0.remoteAddress == "203.0.113.2" })
  }

  @Test(arguments: captured)
  func bgpSummary(version: VyOSVersion) throws {
    let address = try #require(IPv4Address("169.254.100.2"))
    for (state, session) in [
      ("healthy", .established(1)), ("bgp-active-sa-up", .down("Active")), ("psk-mismatch", .down("Connect")),
      ("ifaces-admin-down", .down("Idle")),
    ] as [(String, BGPSummary.Session)] {
      let summary = try BGPSummary(Fixture.text(version, "bgp-summary", state))
      #expect(summary.routerID == "10.255.0.1" && summary.localAS == 65001)
      let neighbor = try summary.neighbor(address)
      #expect(neighbor?.asn == 65002 && neighbor?.session == session)
      #expect(neighbor?.sent == (session == .established(1) ? "2" : "0"))
    }
    let none = try Fixture.text(version, "bgp-summary", "no-instance")
    let error = #expect(throws: Unreadable.self) { try BGPSummary(none) }
    #expect(error?.sentence.contains("BGP instance not found") == true)
    let dead = #expect(throws: Unreadable.self) { try BGPSummary("bgpd is not running\n") }
    #expect(dead?.reason == "the BGP daemon is not running")
  }

  /// Uptimes of all lengths, a long AS number, states of two words and of other kinds.
  @Test(
    arguments: [
      ("4200000001 5 7 0 0 0 00:00:15 1 2", 4_200_000_001, .established(1)),
      ("65002 5 7 0 0 0 1d02h03m 12 2", 65002, .established(12)),
      ("65002 5 7 0 0 0 05w2d01h 0 2", 65002, .established(0)),
      ("65002 5 7 0 0 0 01y02w03d 3 2", 65002, .established(3)),
      ("65002 0 0 0 0 0 never Idle (Admin) 0", 65002, .down("Idle (Admin)")),
      ("65002 5 7 0 0 0 00:00:15 OpenSent 0", 65002, .down("OpenSent")),
      ("65002 5 7 0 0 0 00:00:15 (Policy) 0", 65002, .withoutPolicy),
      ("65002 5 7 0 0 0 00:00:15 NoNeg NoNeg", 65002, .notNegotiated),
      ("65002 5 7 0 0 0 00:00:15 1 2 a description (old)", 65002, .established(1)),
      ("65002 5 7 0 0 0 never 1 2", nil, .down("")), ("65002 5 7 0 0 0 15s 1 2", nil, .down("")),
      ("1.10 5 7 0 0 0 00:00:15 1 2", nil, .down("")), ("65002 5 7 0 0 0 00:00:15", nil, .down("")),
    ] as [(String, UInt32?, BGPSummary.Session)])
  func bgpNeighbors(cells: String, asn: UInt32?, session: BGPSummary.Session) throws {
    let address = try #require(IPv4Address("169.254.100.2"))
    for name in ["169.254.100.2", "far-end(169.254.100.2)", "a-name-that-is-too-long(169.254.100.2)\n    "] {
      let text = try Fixture.text(.v1_3, "bgp-summary", "healthy")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("169.") ? "\(name) 4 \(cells)" : String($0) }.joined(separator: "\n")
      let summary = try BGPSummary(lines)
      guard let asn else {
        #expect(throws: Unreadable.self) { try summary.neighbor(address) }
        continue
      }
      let neighbor = try summary.neighbor(address)
      #expect(neighbor?.asn == asn && neighbor?.session == session, "\(name)")
    }
  }

  @Test(arguments: captured)
  func interfaces(version: VyOSVersion) throws {
    let table = try InterfaceTable(Fixture.text(version, "interfaces", "healthy"))
    for name in ["eth0", "eth1", "lo", "vti0"] {
      let interface = try table.interface(named: name)
      #expect(interface?.state == .up, "\(name)")
    }
    let (inside, loopback) = (try table.interface(named: "eth1"), try table.interface(named: "lo"))
    #expect(inside?.addresses == [])
    #expect(loopback?.addresses == ["127.0.0.1/8", "10.255.0.1/32", "::1/128"])
    let down = try InterfaceTable(Fixture.text(version, "interfaces", "ifaces-admin-down"))
    let vti = try down.interface(named: "vti0")
    #expect(vti?.state == .adminDown)
  }

  @Test(arguments: captured)
  func routes(version: VyOSVersion) throws {
    let table = try RouteTable(Fixture.text(version, "ip-route-bgp", "healthy"))
    #expect(table.routes.map(\.destination) == ["10.255.1.1/32"])
    #expect(table.routes.map(\.isInUse) == [true])
    #expect(table.routes.first?.nextHops == [.init(gateway: "169.254.100.2", device: "vti0")])
    #expect(try RouteTable("").routes.isEmpty)
    #expect(try RouteTable("B>* somewhere\nVRF default:\n").routes.isEmpty)
    #expect(throws: Unreadable.self) { try RouteTable("zebra is not running\n") }
  }

  /// A route over two tunnels has its second next hop in a line of its own.
  @Test func twoNextHops() throws {
    let text = """
      B>* 10.255.1.1/32 [20/0] via 169.254.100.2, vti0, weight 1, 00:00:13
        *                      via 169.254.100.6, vti1, weight 1, 00:00:13
      """
    #expect(try RouteTable(text).routes.first?.nextHops.map(\.device) == ["vti0", "vti1"])
  }

  @Test func pings() throws {
    let ok = try PingReport(Fixture.text("ping-ok"), .small)
    #expect(ok.target == "10.255.1.1" && ok.sent == 3 && ok.received == 3 && ok.isComplete)
    let failed = try PingReport(Fixture.text("ping-fail"), .small)
    #expect(failed.received == 0 && !failed.isComplete)
    for text in ["", "ping: connect: Network is unreachable", "ping: unknown host x"] {
      #expect(throws: Unreadable.self) { try PingReport(text, .small) }
    }
  }

  /// One answer's parser can't read another's.
  @Test func strangersAreUnreadable() throws {
    let texts =
      try [
        "1.3-ipsec-sa-healthy", "1.4-ipsec-connections-healthy", "1.3-bgp-summary-healthy",
        "1.4-interfaces-healthy",
        "ping-ok",
      ].map(Fixture.text) + ["", "\n\n", "Segmentation fault", "Invalid command: show vpn"]
    var readable = [0, 0, 0, 0, 0]
    for text in texts {
      if (try? SecurityAssociation.parse(text)) != nil { readable[0] += 1 }
      if (try? IPsecConnection.parse(text)) != nil { readable[1] += 1 }
      if (try? BGPSummary(text)) != nil { readable[2] += 1 }
      if (try? InterfaceTable(text)) != nil { readable[3] += 1 }
      if (try? PingReport(text, .small)) != nil { readable[4] += 1 }
    }
    #expect(readable == [1, 1, 1, 1, 1])
  }
}
