import SSMKit
import Testing

@testable import SDWAN

/// What each dialect says, line by line, for nv-sdwan of the standard network.
@Suite struct DialectTests {
  /// The same in every dialect; `SITE` and `BGP` stand for what differs.
  private static let common = """
    must_set interfaces loopback lo address 10.255.0.1/32
    must_set interfaces vti vti0 address 169.254.100.1/30
    must_set interfaces vti vti0 description nv-branch1
    must_set interfaces vti vti0 mtu 1422
    must_set vpn ipsec options disable-route-autoinstall
    must_set vpn ipsec esp-group SDWAN-ESP lifetime 3600
    must_set vpn ipsec esp-group SDWAN-ESP mode tunnel
    must_set vpn ipsec esp-group SDWAN-ESP pfs dh-group14
    must_set vpn ipsec esp-group SDWAN-ESP proposal 1 encryption aes256
    must_set vpn ipsec esp-group SDWAN-ESP proposal 1 hash sha256
    must_set SITE authentication mode pre-shared-secret
    must_set SITE authentication remote-id 10.20.1.10
    must_set SITE local-address 10.10.1.10
    must_set SITE vti bind vti0
    must_set SITE vti esp-group SDWAN-ESP
    must_set BGP parameters router-id 10.255.0.1
    must_set BGP address-family ipv4-unicast network 10.255.0.1/32
    must_set BGP neighbor 169.254.100.2 remote-as 65002
    must_set BGP neighbor 169.254.100.2 ebgp-multihop 2
    must_set BGP neighbor 169.254.100.2 update-source 169.254.100.1
    must_set BGP neighbor 169.254.100.2 timers connect 10
    """

  /// `END` is restart and start in the dialects' words for what follows a closing.
  private static let groups = """
    must_set vpn ipsec ike-group SDWAN-IKE key-exchange ikev2
    must_set vpn ipsec ike-group SDWAN-IKE lifetime 28800
    must_set vpn ipsec ike-group SDWAN-IKE proposal 1 dh-group 14
    must_set vpn ipsec ike-group SDWAN-IKE proposal 1 encryption aes256
    must_set vpn ipsec ike-group SDWAN-IKE proposal 1 hash sha256
    must_set vpn ipsec ike-group SDWAN-IKE close-action END
    must_set vpn ipsec ike-group SDWAN-IKE dead-peer-detection action restart
    must_set vpn ipsec ike-group SDWAN-IKE dead-peer-detection interval 15
    must_set vpn ipsec ike-group SDWAN-IKE dead-peer-detection timeout 60
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER key-exchange ikev2
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER lifetime 28800
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER proposal 1 dh-group 14
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER proposal 1 encryption aes256
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER proposal 1 hash sha256
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER close-action none
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER dead-peer-detection action clear
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER dead-peer-detection interval 15
    must_set vpn ipsec ike-group SDWAN-IKE-ANSWER dead-peer-detection timeout 60
    """

  /// A hub answers.
  private static let answers1_3 = """
    must_set vpn ipsec disable-uniqreqids
    must_set SITE connection-type respond
    must_set SITE ike-group SDWAN-IKE-ANSWER
    """
  private static let answersSince1_4 = """
    must_set SITE connection-type none
    must_set SITE ike-group SDWAN-IKE-ANSWER
    """
  /// A branch begins, in every dialect with the same words.
  private static let begins = """
    must_set SITE connection-type initiate
    must_set SITE ike-group SDWAN-IKE
    """

  private static let only1_3 = """
    may_set firewall options interface vti0 adjust-mss 1382
    must_set vpn ipsec ipsec-interfaces interface eth0
    secretly_set SITE authentication pre-shared-secret '@VPN_PSK@'
    must_set SITE authentication id 10.10.1.10
    """

  private static let since1_4 = """
    must_set interfaces vti vti0 ip adjust-mss clamp-mss-to-pmtu
    must_set vpn ipsec interface eth0
    must_set vpn ipsec authentication psk nv-branch1 id 10.10.1.10
    must_set vpn ipsec authentication psk nv-branch1 id 10.20.1.10
    secretly_set vpn ipsec authentication psk nv-branch1 secret '@VPN_PSK@'
    must_set SITE remote-address 203.0.113.2
    must_set SITE authentication local-id 10.10.1.10
    must_set BGP system-as 65001
    must_set BGP neighbor 169.254.100.2 address-family ipv4-unicast
    """

  @Test(arguments: [
    (VyOSVersion.v1_3, only1_3, answers1_3, "restart", "protocols bgp 65001"),
    (.v1_4, since1_4, answersSince1_4, "start", "protocols bgp"),
    (.v1_5, since1_4, answersSince1_4, "start", "protocols bgp"),
  ])
  func everyLine(version: VyOSVersion, own: String, answers: String, end: String, bgp: String) throws {
    let peer = version == .v1_3 ? "203.0.113.2" : "nv-branch1"
    let wanted = [Self.common, Self.groups, own, answers].joined(separator: "\n")
      .split(separator: "\n").map(String.init).map {
        $0.replacing("SITE", with: "vpn ipsec site-to-site peer \(peer)").replacing("BGP", with: bgp)
          .replacing("END", with: end)
      }
    #expect(try Self.calls(of: "nv-sdwan", version).sorted() == wanted.sorted())
  }

  @Test(arguments: [
    (VyOSVersion.v1_3, "203.0.113.1"), (.v1_4, "nv-sdwan"), (.v1_5, "nv-sdwan"),
  ])
  func aBranchBegins(version: VyOSVersion, peer: String) throws {
    let calls = try Self.calls(of: "nv-branch1", version)
    for line in Self.begins.split(separator: "\n") {
      let wanted = String(line).replacing("SITE", with: "vpn ipsec site-to-site peer \(peer)")
      #expect(calls.contains(wanted), "\(wanted)")
    }
    #expect(!calls.contains("must_set vpn ipsec disable-uniqreqids"))
  }

  private static func calls(of name: String, _ version: VyOSVersion) throws -> [String] {
    let topology = try Topology.standard()
    let router = try #require(topology.router(named: name))
    return try topology.configuration(of: router, RandomNetwork.standardHosts()).lines(for: version)
      .map(\.call)
  }

  /// The base configuration, and which config.boot goes with it.
  @Test(arguments: [
    (VyOSVersion.v1_3, "ipsec@5:", "1.3"), (.v1_4, "ipsec@13:", "1.4"), (.v1_5, "openvpn@4", "1.5"),
  ])
  func base(version: VyOSVersion, component: String, release: String) throws {
    let text = Scripts(version: version).baseSetup(
      region: .virginia, image: GeneratedScript.image, recreate: .always)
    #expect(text.contains("// vyos-config-version: \""))
    #expect(text.contains(component))
    #expect(text.contains("// Release version: \(release)"))
    let router = try #require(try Topology.standard().router(named: "nv-sdwan"))
    let script = GeneratedScript(router: router, version: version, text: text)
    #expect(
      script.settings == [
        "interfaces ethernet eth0 address dhcp", "interfaces ethernet eth0 description OUTSIDE",
        "interfaces ethernet eth0 dhcp-options default-route-distance 10",
        "interfaces ethernet eth1 address dhcp",
        "interfaces ethernet eth1 description INSIDE",
        "interfaces ethernet eth1 dhcp-options no-default-route",
      ])
  }

  /// Which questions phase 3 asks.
  @Test(arguments: [
    (VyOSVersion.v1_3, "", "vpn ipsec"), (.v1_4, "ipsec-connections ", "ipsec"),
    (.v1_5, "ipsec-connections ", "ipsec"),
  ])
  func questions(version: VyOSVersion, connections: String, log: String) throws {
    let topology = try Topology.standard()
    let router = try #require(topology.router(named: "nv-sdwan"))
    let expected = try topology.expectation(of: router, RandomNetwork.standardHosts(), version)
    for asksWhy in [false, true] {
      let text = Scripts(version: version).verification(
        region: router.region, expected, asksWhy: asksWhy)
      let asked = try GeneratedScript(router: router, version: version, text: text).variable("QUESTIONS")
      let why = asksWhy ? " ike-sa ipsec-log" : ""
      #expect(asked == "ipsec-sa \(connections)bgp-summary interfaces ip-route-bgp\(why)")
    }
    let text = Scripts(version: version).verification(region: router.region, expected, asksWhy: false)
    let script = GeneratedScript(router: router, version: version, text: text)
    let targets = try script.variable("PING_TARGETS")
    #expect(targets == "169.254.100.2 10.255.1.1")
    let large = try ["FULL_SIZE_TARGETS", "FULL_SIZE", "IPSEC_LOG"].map(script.variable)
    #expect(large == ["169.254.100.2", "1394", log])
    let routes = try script.variable("ROUTES")
    #expect(routes == "10.255.1.1/32")
  }
}
