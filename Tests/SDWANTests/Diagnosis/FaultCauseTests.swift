import AWSClient
import Testing

@testable import SDWAN

/// What can be broken on purpose, each with its cause, and which of the two ends is said to have it.
@Suite struct FaultCauseTests {
  struct Fault: CustomTestStringConvertible {
    var name: String
    var cause: Cause
    /// Whether both ends look the same, so that the branch is named, and only as a possibility.
    var isShared = false
    /// Whether the other end notices.
    var isSeenByPeer = true
    /// What it does to its router, and to the router at the other end.
    var happen: @Sendable (inout FleetOutputs, _ router: String, _ peer: String) throws -> Void

    var testDescription: String { name }
  }

  private static let noIKE = ""
  static func ikeUp(_ fleet: FleetOutputs, _ router: String) throws -> String {
    let peer = try fleet.peer(of: router)
    return """
      Peer ID / IP                            Local ID / IP
      ------------                            -------------
      \(peer.eip) \(peer.privateIP)                  10.0.0.1 10.0.0.1

          State  IKEVer  Encrypt      Hash          D-H Group      NAT-T  A-Time  L-Time
          -----  ------  -------      ----          ---------      -----  ------  ------
          up     IKEv2   AES_CBC_256  HMAC_SHA2_256_128 MODP_2048      yes    41      0

      """
  }

  static let all: [Fault] = [
    Fault(name: "psk-mismatch", cause: .keyMismatch, isShared: true) { fleet, router, peer in
      try fleet.cutTunnel(of: router)
      try fleet.cutTunnel(of: peer)
      for name in [router, peer] {
        let other = try fleet.peer(of: name)
        let line =
          name.contains("branch")
          ? "12[IKE] <\(other.link.peer.name)|3> received AUTHENTICATION_FAILED notify error"
          : "09[IKE] <4> tried 1 shared key for '10.0.0.1' - '\(other.privateIP)', but MAC mismatched"
        fleet.reasons[name] = (noIKE, "Nov 26 08:07:24 router charon[2436]: \(line)\n")
      }
    },
    Fault(name: "nat-gone", cause: .peerUnreachable, isShared: true) { fleet, router, peer in
      try fleet.cutTunnel(of: router)
      try fleet.cutTunnel(of: peer)
      for name in [router, peer] {
        let log =
          name.contains("branch")
          ? "05[IKE] <\(try fleet.peer(of: name).link.peer.name)|1> retransmit 3 of request with message ID 0\n"
          : ""
        fleet.reasons[name] = (noIKE, log)
      }
    },
    Fault(name: "ike-without-child", cause: .noChild, isShared: true) { fleet, router, peer in
      for name in [router, peer] {
        try fleet.cutTunnel(of: name)
        fleet.reasons[name] = (try ikeUp(fleet, name), "")
      }
    },
    Fault(name: "packet-loss", cause: .loss, isShared: true) { fleet, router, peer in
      for name in [router, peer] { try fleet.losePings(of: name, replies: 2) }
    },
    Fault(name: "mtu", cause: .mtu, isShared: true) { fleet, router, peer in
      for name in [router, peer] { try fleet.loseFullSize(of: name) }
    },
    Fault(name: "peer-down", cause: .routerDown) { fleet, router, peer in
      fleet.fail(router, status: 1, complaint: "Error: Instance is not running")
      try fleet.losePings(of: peer)
    },
    Fault(name: "container-missing", cause: .routerDown) { fleet, router, peer in
      fleet.fail(router, status: 1, complaint: "Error: Instance not found")
      try fleet.cutTunnel(of: peer)
    },
    Fault(name: "host-offline", cause: .noAnswer) { fleet, router, peer in
      fleet.failures[router] = FakeHosts.Answer(status: "TimedOut")
      try fleet.cutTunnel(of: peer)
    },
    Fault(name: "bgp-down", cause: .serviceDown) { fleet, router, peer in
      try fleet.cutSession(of: peer)
      try fleet.cutSession(of: router)
      fleet.routers[router]?["bgp-summary"] = "bgpd is not running\n"
      fleet.routers[router]?.end("bgp-summary", with: 1)
    },
    Fault(name: "ipsec-down", cause: .serviceDown) { fleet, router, peer in
      try fleet.cutTunnel(of: peer)
      try fleet.cutTunnel(of: router)
      fleet.routers[router]?["ipsec-sa"] = try Fixture.text(.v1_4, "ipsec-sa", "daemon-dead")
    },
    Fault(name: "interface-admin-down", cause: .staleVTI) { fleet, router, peer in
      try fleet.lowerVTI(of: router)
      for name in [router, peer] {
        try fleet.losePings(of: name)
        try fleet.cutSession(of: name)
      }
    },
    Fault(name: "link-down", cause: .interface) { fleet, router, peer in
      try fleet.change(router, "interfaces", "u/u    OUTSIDE", "u/D    OUTSIDE")
      for name in [router, peer] { try fleet.losePings(of: name) }
    },
    Fault(name: "sends-nothing", cause: .nothingAnnounced) { fleet, router, peer in
      try fleet.change(router, "bgp-summary", "            1        2", "            1        0")
      try fleet.change(peer, "bgp-summary", "            1        2", "            0        2")
      fleet.routers[peer]?["ip-route-bgp"] = ""
    },
    Fault(name: "policy", cause: .policy) { fleet, router, peer in
      try fleet.change(router, "bgp-summary", "            1        2", "     (Policy) (Policy)")
      fleet.routers[router]?["ip-route-bgp"] = ""
      try fleet.change(peer, "bgp-summary", "            1        2", "            0        2")
      fleet.routers[peer]?["ip-route-bgp"] = ""
    },
    Fault(name: "wrong-as", cause: .wrongAS) { fleet, router, peer in
      let other = try fleet.peer(of: router).link.peer.asn
      try fleet.change(router, "bgp-summary", "      \(other) ", "      64999 ")
      try fleet.cutSession(of: router)
      try fleet.cutSession(of: peer)
    },
    Fault(name: "not-configured", cause: .notConfigured) { fleet, router, peer in
      fleet.routers[router]?["bgp-summary"] = "% BGP instance not found\n"
      fleet.routers[router]?["ip-route-bgp"] = ""
      try fleet.cutSession(of: peer)
    },
    Fault(name: "stranger", cause: .notConfigured) { fleet, router, peer in
      try fleet.cutTunnel(of: router)
      try fleet.cutTunnel(of: peer)
      let (own, other) = (try fleet.peer(of: peer), try fleet.peer(of: router))
      fleet.reasons[router] = (
        noIKE,
        "07[IKE] <9> no IKE config found for \(own.privateIP)...\(other.eip), sending NO_PROPOSAL_CHOSEN\n"
      )
      fleet.reasons[peer] = (noIKE, "07[IKE] <\(router)|1> received NO_PROPOSAL_CHOSEN notify error\n")
    },
    Fault(name: "foreign-address", cause: .foreignConfiguration, isSeenByPeer: false) { fleet, router, _ in
      fleet.routers[router]?["interfaces"] += "             192.0.2.1/30\n"
    },
    Fault(name: "two-ike-sas", cause: .twoIKESAs, isSeenByPeer: false) { fleet, router, _ in
      var output = try #require(fleet.routers[router])
      output["ipsec-connections"] = output["ipsec-connections"].replacing(
        #/AES_CBC/256\S*MODP_2048/#, with: "-")
      fleet.routers[router] = output
      try fleet.change(router, "bgp-summary", "            1        2", "            0        2")
    },
  ]

  @Test(arguments: all, ["fra-branch1", "fra-sdwan"])
  func eachHasItsCause(fault: Fault, router: String) async throws {
    let peer = router == "fra-sdwan" ? "fra-branch1" : "fra-sdwan"
    var fleet = try FleetOutputs()
    try fault.happen(&fleet, router, peer)
    let (result, _) = try await fleet.verify()
    let victim = fault.isShared ? "fra-branch1" : router
    let witness = victim == router ? peer : router

    let own = try #require(ReadDiagnosis(result.details(victim)), "\(result.summary)")
    #expect(own.cause == fault.cause.rawValue, "\(result.details(victim)["diagnosis"] ?? "")")
    #expect(own.at == nil)
    #expect(fault.isShared == (own.confidence == "possible") || fault.cause == .twoIKESAs)
    #expect(!own.evidence.isEmpty && !own.hint.isEmpty)
    #expect(result.summary.hasPrefix("\(victim): \(fault.cause.rawValue): "), "\(result.summary)")
    #expect(result.summary.contains("of 4 routers succeeded"))

    let other = ReadDiagnosis(result.details(witness))
    #expect((other != nil) == fault.isSeenByPeer)
    if let other {
      #expect(other.cause == fault.cause.rawValue, "\(result.details(witness)["diagnosis"] ?? "")")
      #expect(other.at == victim)
      #expect(!other.folds.isEmpty)
      #expect(
        result.summary.contains("\(witness): \(fault.cause.rawValue) at \(victim): "), "\(result.summary)")
    }
    #expect(Set(result.failed) == (fault.isSeenByPeer ? [victim, witness] : [victim]))
    for name in ["nv-sdwan", "nv-branch1"] { #expect(result.details(name)["diagnosis"] == nil) }
  }

  /// Everything that fails because of a tunnel without an SA is folded into its cause.
  @Test func symptomsAreFolded() async throws {
    var fleet = try FleetOutputs()
    let fault = try #require(Self.all.first)
    try fault.happen(&fleet, "fra-branch1", "fra-sdwan")
    let (result, _) = try await fleet.verify()
    let own = try #require(ReadDiagnosis(result.details("fra-branch1")))
    #expect(
      own.folds == [
        "connection to fra-sdwan", "interface vti0", "neighbor 169.254.100.13", "route to 10.255.10.1/32",
        "ping 169.254.100.13", "ping 10.255.10.1",
      ])
    #expect(result.details("fra-branch1")["further_diagnoses"] == nil)
    // What both ends logged, the one that knows best first.
    #expect(
      own.evidence.contains { $0.contains("MAC mismatched") }
        && own.evidence.contains { $0.contains("AUTHENTICATION_FAILED") })
  }

  /// Of several causes the most basic one is first, and the others are told too.
  @Test func furtherCauses() async throws {
    var fleet = try FleetOutputs()
    try fleet.change("fra-sdwan", "interfaces", "10.255.10.1/32", "10.99.99.99/32")
    try fleet.loseFullSize(of: "fra-sdwan", complaint: "ping: local error: message too long, mtu=1400\n")
    let (result, _) = try await fleet.verify()
    let details = result.details("fra-sdwan")
    #expect(ReadDiagnosis(details)?.cause == "not-configured")
    let further = try #require(details["further_diagnoses"] as? [[String: Any]])
    #expect(further.map { $0["cause"] as? String } == ["mtu"])
    #expect(further.map { $0["confidence"] as? String } == ["certain"])
    #expect((further[0]["evidence"] as? [String])?.first?.contains("mtu=1400") == true)
  }

  /// Only a router that lacks an SA is asked why, and nothing else is sent to the others.
  @Test func asksOnlyWhereAnSAIsMissing() async throws {
    var fleet = try FleetOutputs()
    try fleet.cutTunnel(of: "fra-branch1")
    try fleet.losePings(of: "nv-branch1")
    let (result, hosts) = try await fleet.verify()
    #expect(result.failed == ["fra-branch1", "nv-branch1"])
    for (router, scripts) in hosts.scripts {
      let asks = scripts.map { $0.contains(" ike-sa ipsec-log'\n") }
      #expect(asks == (router == "fra-branch1" ? [false, true] : [false]), "\(router): \(asks)")
    }
  }

  /// What is asked for the diagnosis never changes the health, and what can't be read of it only leaves less known.
  @Test(arguments: [
    "", "% Invalid command: show log [ipsec]", "\u{1B}[31mgarbage", "12[IKE] <x|1> nothing of interest",
  ])
  func anUnreadableLogLeavesLessKnown(text: String) async throws {
    var fleet = try FleetOutputs()
    try fleet.cutTunnel(of: "fra-branch1")
    let (plain, _) = try await fleet.verify()
    fleet.reasons["fra-branch1"] = (text, text)
    let (result, _) = try await fleet.verify()
    for key in ["ipsec", "bgp", "interfaces"] {
      #expect(result.details("fra-branch1")[key] as? String == plain.details("fra-branch1")[key] as? String)
    }
    let found = try #require(ReadDiagnosis(result.details("fra-branch1")))
    #expect(found.cause == "peer-unreachable" && found.confidence == "possible")
  }
}
