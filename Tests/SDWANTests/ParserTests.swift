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
    for (state, word, prefixes) in [
      ("healthy", "Established", 1), ("bgp-active-sa-up", "Active", nil), ("psk-mismatch", "Connect", nil),
      ("ifaces-admin-down", "Idle", nil),
    ] as [(String, String, Int?)] {
      let summary = try BGPSummary(Fixture.text(version, "bgp-summary", state))
      #expect(summary.routerID == "10.255.0.1" && summary.localAS == 65001)
      #expect(summary.neighbors.map(\.address.description) == ["169.254.100.2"])
      #expect(summary.neighbors.map(\.asn) == [65002])
      #expect(summary.neighbors.map(\.state) == [word])
      #expect(summary.neighbors.map(\.prefixes) == [prefixes])
    }
    let none = try Fixture.text(version, "bgp-summary", "no-instance")
    let error = #expect(throws: Unreadable.self) { try BGPSummary(none) }
    #expect(error?.sentence.contains("BGP instance not found") == true)
    let dead = #expect(throws: Unreadable.self) { try BGPSummary("bgpd is not running\n") }
    #expect(dead?.reason == "the BGP daemon is not running")
  }

  /// Uptimes of all lengths, a long AS number, states of two words.
  @Test(
    arguments: [
      ("4200000001 5 7 0 0 0 00:00:15 1 2", 4_200_000_001, "Established"),
      ("65002 5 7 0 0 0 1d02h03m 12 2", 65002, "Established"),
      ("65002 5 7 0 0 0 05w2d01h 0 2", 65002, "Established"),
      ("65002 5 7 0 0 0 01y02w03d 3 2", 65002, "Established"),
      ("65002 0 0 0 0 0 never Idle (Admin) 0", 65002, "Idle (Admin)"),
      ("65002 5 7 0 0 0 00:00:15 OpenSent 0", 65002, "OpenSent"),
      ("65002 5 7 0 0 0 00:00:15 (Policy) 0", nil, ""),
      ("65002 5 7 0 0 0 never 1 2", nil, ""), ("65002 5 7 0 0 0 15s 1 2", nil, ""),
      ("1.10 5 7 0 0 0 00:00:15 1 2", nil, ""),
      ("65002 5 7 0 0 0 00:00:15 1", nil, ""), ("65002 5 7 0 0 0 00:00:15 1 2 3", nil, ""),
    ] as [(String, UInt32?, String)])
  func bgpNeighbors(cells: String, asn: UInt32?, state: String) throws {
    let text = try Fixture.text(.v1_3, "bgp-summary", "healthy")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("169.") ? "169.254.100.2 4 \(cells)" : String($0) }.joined(separator: "\n")
    guard let asn else {
      #expect(throws: Unreadable.self) { try BGPSummary(lines) }
      return
    }
    let summary = try BGPSummary(lines)
    #expect(summary.neighbors.map(\.asn) == [asn])
    #expect(summary.neighbors.map(\.state) == [state])
  }

  @Test(arguments: captured)
  func interfaces(version: VyOSVersion) throws {
    let table = try InterfaceTable(Fixture.text(version, "interfaces", "healthy"))
    #expect(table.interfaces.map(\.name) == ["eth0", "eth1", "lo", "vti0"])
    #expect(table.interfaces.allSatisfy { $0.state == .up })
    #expect(table.interface(named: "eth1")?.addresses == [])
    #expect(table.interface(named: "lo")?.addresses == ["127.0.0.1/8", "10.255.0.1/32", "::1/128"])
    let down = try InterfaceTable(Fixture.text(version, "interfaces", "ifaces-admin-down"))
    #expect(down.interface(named: "vti0")?.state == .adminDown)
  }

  @Test(arguments: captured)
  func routes(version: VyOSVersion) throws {
    let table = try RouteTable(Fixture.text(version, "ip-route-bgp", "healthy"))
    #expect(table.routes.map(\.destination) == ["10.255.1.1/32"])
    #expect(table.routes.map(\.isInUse) == [true])
    #expect(table.routes.first?.nextHops == [.init(gateway: "169.254.100.2", device: "vti0")])
    #expect(try RouteTable("").routes.isEmpty)
    #expect(throws: Unreadable.self) { try RouteTable("B>* somewhere\n") }
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
    let ok = try PingReport(Fixture.text("ping-ok"))
    #expect(ok.target == "10.255.1.1" && ok.sent == 3 && ok.received == 3 && ok.isComplete)
    let failed = try PingReport(Fixture.text("ping-fail"))
    #expect(failed.received == 0 && !failed.isComplete)
    for text in ["", "ping: connect: Network is unreachable", "ping: unknown host x"] {
      #expect(throws: Unreadable.self) { try PingReport(text) }
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
      if (try? PingReport(text)) != nil { readable[4] += 1 }
    }
    #expect(readable == [1, 1, 1, 1, 1])
  }
}
