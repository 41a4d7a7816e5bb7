import SSMKit
import Testing
import FleetTesting

@testable import SDWAN

/// The verdict over captured outputs of nv-sdwan and over what routers of generated networks would print.
@Suite struct VerdictTests {
  static func expectation(_ version: VyOSVersion) throws -> SDWAN.Expectation {
    let topology = try Topology.standard()
    let router = try #require(topology.router(named: "nv-sdwan"))
    return try topology.expectation(of: router, RandomNetwork.standardHosts(), version)
  }

  @Test(arguments: VyOSVersion.allCases)
  func healthy(version: VyOSVersion) throws {
    let verdict = try Self.expectation(version).verdict(on: RouterOutput.captured(version).text)
    #expect(verdict.isHealthy, "\(verdict.reasons)")
    #expect(verdict.reasons.isEmpty && !verdict.mayComeUp)
    #expect(verdict.pings == ["169.254.100.2": .ok, "10.255.1.1": .ok])
    for area in [Check.Area.ipsec, .bgp, .interfaces, .ping] { #expect(verdict.health(of: area) == .ok) }
  }

  /// The whole router in a captured state: the parts that fail, what is said, and whether it may still pass.
  @Test(arguments: VyOSVersion.allCases)
  func capturedStates(version: VyOSVersion) throws {
    try check(
      version, ["bgp-summary", "interfaces", "ipsec-sa", "ipsec-connections"], "psk-mismatch", pings: false,
      failing: [.ipsec, .bgp, .ping], "no IPsec SA to 203.0.113.2 is up", mayComeUp: true)
    try check(
      version, ["bgp-summary", "interfaces", "ipsec-sa", "ipsec-connections"], "ifaces-admin-down",
      pings: false, failing: [.ipsec, .bgp, .interfaces, .ping],
      "vti0 is down (A/D), as VyOS leaves it while its tunnel has no SA", mayComeUp: false)
    try check(
      version, ["bgp-summary", "interfaces", "ipsec-sa", "ipsec-connections"], "bgp-active-sa-up",
      failing: [.bgp], "the BGP session with nv-branch1 (169.254.100.2) is Active", mayComeUp: true)
    try check(
      version, ["bgp-summary"], "no-instance", failing: [.bgp], "BGP is not configured", mayComeUp: false)
    try check(
      version, ["ipsec-sa"], "daemon-dead", failing: [.ipsec], "the IPsec daemon is not running",
      mayComeUp: true)
  }

  private func check(
    _ version: VyOSVersion, _ commands: [String], _ state: String, pings: Bool = true,
    failing: Set<Check.Area>, _ sentence: String, mayComeUp: Bool
  ) throws {
    var states = Dictionary(uniqueKeysWithValues: commands.map { ($0, state) })
    if state != "daemon-dead" { states["ip-route-bgp"] = "none" }
    let output = try RouterOutput.captured(version, states, pings: pings)
    let verdict = try Self.expectation(version).verdict(on: output.text)
    #expect(!verdict.isHealthy)
    #expect(verdict.reasons.contains { $0.contains(sentence) }, "\(state): \(verdict.reasons)")
    for area in [Check.Area.ipsec, .bgp, .interfaces, .ping] {
      #expect((verdict.health(of: area) == .fail) == failing.contains(area), "\(version) \(state) \(area)")
    }
    #expect(verdict.mayComeUp == mayComeUp, "\(version) \(state)")
  }

  /// One thing that is wrong, what is said about it, and whether it may pass by itself.
  @Test(
    arguments: [
      ("ipsec-sa", " up ", " down ", "no IPsec SA to 203.0.113.2 is up", true),
      ("ipsec-sa", "203.0.113.2 ", "203.0.113.9 ", "no IPsec SA to 203.0.113.2 is up", true),
      ("ipsec-sa", "10.20.1.10", "10.20.1.11", "is with 10.20.1.11 instead of 10.20.1.10", false),
      ("ipsec-sa", "AES_CBC_256", "AES_GCM_16_128", "uses AES_GCM_16_128", false),
      ("bgp-summary", "           1 ", "           0 ", "announces no prefix", true),
      ("bgp-summary", "           1 ", "      Active ", "is Active", true),
      ("bgp-summary", "           1 ", "Idle (Admin) ", "is Idle (Admin)", false),
      ("bgp-summary", "           1 ", "Idle (PfxCt) ", "is Idle (PfxCt)", false),
      ("bgp-summary", " 65002 ", " 65003 ", "has AS 65003 instead of 65002", false),
      ("bgp-summary", "number 65001", "number 65009", "instead of 10.255.0.1, AS 65001", false),
      ("bgp-summary", "169.254.100.2 ", "169.254.100.6 ", "BGP has no neighbor 169.254.100.2", false),
      ("interfaces", "u/u    OUTSIDE", "u/D    OUTSIDE", "eth0 has no link", true),
      ("interfaces", "u/u  OUTSIDE", "u/D  OUTSIDE", "eth0 has no link", true),
      ("interfaces", "u/u    OUTSIDE", "A/D    OUTSIDE", "eth0 is switched off (A/D)", false),
      ("interfaces", "u/u  OUTSIDE", "A/D  OUTSIDE", "eth0 is switched off (A/D)", false),
      ("bgp-summary", "           1        2", "           1        0", "nothing is announced to", true),
      (
        "bgp-summary", "           1        2", "    (Policy) (Policy)", "no policy lets its prefixes in",
        false
      ),
      ("bgp-summary", "           1        2", "           1 (Policy)", "no policy lets prefixes out", false),
      ("bgp-summary", "           1        2", "       NoNeg    NoNeg", "not for IPv4 unicast", false),
      ("interfaces", "eth1 ", "eth2 ", "no interface eth1", false),
      ("interfaces", "10.10.1.10/24", "-            ", "eth0 does not have the address 10.10.1.10", true),
      ("interfaces", "169.254.100.1/30", "169.254.100.5/30", "vti0 does not have the address", false),
      ("interfaces", "10.255.0.1/32", "10.255.0.2/32", "lo does not have the address", false),
      ("ip-route-bgp", "B>*", "B>r", "not in use", true),
      ("ip-route-bgp", "B>*", "B  ", "not in use", true),
      ("ip-route-bgp", "weight 1", "inactive, weight 1", "not in use", true),
      ("ip-route-bgp", "10.255.1.1/32", "10.255.1.2/32", "brought no route to 10.255.1.1/32", true),
      ("ip-route-bgp", "vti0", "eth0", "does not go through vti0", false),
      ("ping-10.255.1.1", "3 received, 0%", "0 received, 100%", "contradicts itself", true),
    ])
  func oneFault(answer: String, piece: String, replacement: String, sentence: String, mayComeUp: Bool) throws
  {
    var applied = 0
    for version in VyOSVersion.allCases {
      var output = try RouterOutput.captured(version)
      guard output[answer].contains(piece) else { continue }
      applied += 1
      output[answer] = output[answer].replacingOccurrences(of: piece, with: replacement)
      let verdict = try Self.expectation(version).verdict(on: output.text)
      #expect(!verdict.isHealthy)
      #expect(verdict.reasons.contains { $0.contains(sentence) }, "\(verdict.reasons)")
      #expect(verdict.mayComeUp == mayComeUp, "\(version)")
    }
    #expect(applied > 0)
  }

  /// Pings by the packets that are lost: whichever it is, it is looked at again before it is judged.
  @Test(arguments: [
    [1, 2, 3], [1], [1, 2], [2, 3], [3], [2], [1, 3],
  ])
  func lostPackets(lost: [Int]) throws {
    let replies = 3 - lost.count
    var output = try RouterOutput.captured(.v1_3)
    var lines = output["ping-10.255.1.1"].split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    for line in lost.reversed() { lines.remove(at: line) }
    output["ping-10.255.1.1"] = lines.joined(separator: "\n").replacingOccurrences(
      of: "3 received, 0%", with: "\(replies) received, \([100, 66, 33][replies])%")
    if replies == 0 { output.end("ping-10.255.1.1", with: 1) }
    let verdict = try Self.expectation(.v1_3).verdict(on: output.text)
    #expect(verdict.pings["10.255.1.1"] == .fail)
    #expect(verdict.pings["169.254.100.2"] == .ok)
    #expect(verdict.mayComeUp)
    #expect(verdict.reasons.contains { $0.contains("\(replies) of 3 replies") })
  }

  /// A command that failed or hung says nothing, whatever it printed.
  @Test(arguments: VyOSVersion.allCases)
  func exitStatuses(version: VyOSVersion) throws {
    let healthy = try RouterOutput.captured(version)
    for name in healthy.answers.map(\.name) {
      for (status, words) in [(124, "in time"), (2, "exit status 2"), (127, "exit status 127")] {
        var output = healthy
        output.end(name, with: status)
        let verdict = try Self.expectation(version).verdict(on: output.text)
        #expect(!verdict.isHealthy && verdict.mayComeUp)
        #expect(verdict.reasons.contains { $0.contains(words) }, "\(verdict.reasons)")
        if name.hasPrefix("ping-") { #expect(verdict.pings[String(name.dropFirst(5))] == .unknown) }
      }
    }
  }

  @Test(arguments: ["", "\n", "garbage", "=====[ ipsec-sa ]=====", "=====[ gzip base64 ]=====\nH4sI"])
  func nothingToJudge(text: String) throws {
    for version in VyOSVersion.allCases {
      let verdict = try Self.expectation(version).verdict(on: text)
      #expect(!verdict.isHealthy && verdict.mayComeUp)
      for area in [Check.Area.ipsec, .bgp, .interfaces, .ping] { #expect(verdict.health(of: area) == .fail) }
      #expect(verdict.pings.values.allSatisfy { $0 == .unknown })
    }
  }

  @Test func noOutput() throws {
    let verdict = try Self.expectation(.v1_4).verdictWithoutOutput("it did not answer")
    #expect(!verdict.isHealthy && !verdict.mayComeUp)
    #expect(verdict.reasons.contains { $0.contains("it did not answer") })
    #expect(verdict.pings == ["169.254.100.2": .unknown, "10.255.1.1": .unknown])
  }

  /// The renderer of the mutation tests prints what healthy routers print.
  @Test func generatedNetworks() throws {
    try GeneratedNetwork.forEachRouter { _, router, network, version in
      let expected = try network.topology.expectation(of: router, network.hosts, version)
      let verdict = expected.verdict(on: try RouterOutput.healthy(expected).text)
      #expect(verdict.isHealthy || expected.peers.isEmpty, "\(verdict.reasons)")
    }
  }
}
