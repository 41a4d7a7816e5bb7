import SSMKit
import Testing
import FleetTesting

@testable import SDWAN

/// What phase 2's scripts configure, read back from the scripts themselves.
@Suite struct ConfigurationPropertyTests {
  /// P5, seen from one end: own private address, the peer's Elastic IP, the peer's private address.
  @Test func addressesOfEveryTunnel() throws {
    try GeneratedNetwork.forEachRouter { script, router, network, version in
      let own = try #require(network.hosts[router.name])
      let links = network.topology.links(of: router)
      for link in links {
        let far = try #require(network.hosts[link.peer.name])
        let peer = version == .v1_3 ? "\(far.eip)" : link.peer.name
        let site = "vpn ipsec site-to-site peer \(peer)"
        #expect(script.values(of: "\(site) local-address") == ["\(own.privateIP)"])
        #expect(script.values(of: "\(site) authentication remote-id") == ["\(far.privateIP)"])
        let id = version == .v1_3 ? "id" : "local-id"
        #expect(script.values(of: "\(site) authentication \(id)") == ["\(own.privateIP)"])
        #expect(script.values(of: "\(site) remote-address") == (version == .v1_3 ? [] : ["\(far.eip)"]))
        #expect(script.values(of: "\(site) vti bind") == [link.own.vti])
        if version != .v1_3 {
          let ids = script.values(of: "vpn ipsec authentication psk \(peer) id")
          #expect(Set(ids) == ["\(own.privateIP)", "\(far.privateIP)"])
        }
      }
      let peers = Set(script.values(of: "vpn ipsec site-to-site peer").map { $0.prefix { $0 != " " } })
      #expect(peers.count == links.count)
    }
  }

  /// Exactly one end of every tunnel brings it up: the branch, between equals the first in the tunnel's list; and each keeps
  /// its SA as its part wants it.
  @Test func oneEndInitiates() throws {
    var initiators: [String: Int] = [:]
    try GeneratedNetwork.forEachRouter { script, router, network, version in
      for link in network.topology.links(of: router) {
        let far = try #require(network.hosts[link.peer.name])
        let site = "vpn ipsec site-to-site peer \(version == .v1_3 ? "\(far.eip)" : link.peer.name)"
        let tunnel = try #require(network.tunnels.first { $0.name == link.tunnel })
        let begins =
          router.role == link.peer.role ? tunnel.first.router == router.name : router.role == .branch
        let kind = begins ? "initiate" : version == .v1_3 ? "respond" : "none"
        #expect(script.values(of: "\(site) connection-type") == [kind])
        let group = try #require(script.values(of: "\(site) ike-group").first)
        let ike = "vpn ipsec ike-group \(group)"
        #expect(script.values(of: "\(ike) dead-peer-detection action") == [begins ? "restart" : "clear"])
        let closed = begins ? (version == .v1_3 ? "restart" : "start") : "none"
        #expect(script.values(of: "\(ike) close-action") == [closed])
        initiators["\(Set([own(router, network), "\(far.eip)"]).sorted()) \(link.tunnel)", default: 0] +=
          begins ? 1 : 0
      }
    }
    #expect(!initiators.isEmpty && initiators.values.allSatisfy { $0 == 1 })
  }

  private func own(_ router: Router, _ network: RandomNetwork) -> String {
    network.hosts[router.name].map { "\($0.eip)" } ?? ""
  }

  /// What a VTI lets in fits into its tunnel, and TCP knows.
  @Test func everyVTIIsAsSmallAsItsTunnel() throws {
    #expect(InnerPacket.largest == 1422 && InnerPacket.largestSegment == 1382)
    try GeneratedNetwork.forEachRouter { script, router, network, version in
      for link in network.topology.links(of: router) {
        let vti = "interfaces vti \(link.own.vti)"
        #expect(script.values(of: "\(vti) mtu") == ["1422"])
        #expect(
          script.values(of: "\(vti) ip adjust-mss") == (version == .v1_3 ? [] : ["clamp-mss-to-pmtu"]))
        let firewall = "may_set firewall options interface \(link.own.vti) adjust-mss 1382"
        #expect(script.lines.contains(firewall) == (version == .v1_3))
      }
    }
  }

  /// 3.5 to 3.7: interfaces and BGP.
  @Test func interfacesAndBGP() throws {
    try GeneratedNetwork.forEachRouter { script, router, network, version in
      let bgp = version == .v1_3 ? "protocols bgp \(router.asn)" : "protocols bgp"
      if version != .v1_3 { #expect(script.values(of: "\(bgp) system-as") == ["\(router.asn)"]) }
      #expect(script.values(of: "interfaces loopback lo address") == ["\(router.loopback)/32"])
      #expect(script.values(of: "\(bgp) parameters router-id") == ["\(router.loopback)"])
      let networks = script.values(of: "\(bgp) address-family ipv4-unicast network")
      #expect(networks == ["\(router.loopback)/32"])
      for link in network.topology.links(of: router) {
        let neighbor = "\(bgp) neighbor \(link.far.address.address)"
        #expect(script.values(of: "interfaces vti \(link.own.vti) address") == ["\(link.own.address)"])
        #expect(script.values(of: "\(neighbor) remote-as") == ["\(link.peer.asn)"])
        #expect(script.values(of: "\(neighbor) ebgp-multihop") == ["2"])
        #expect(script.values(of: "\(neighbor) update-source") == ["\(link.own.address.address)"])
      }
    }
  }

  /// P6.
  @Test func algorithmsAndLifetimes() throws {
    try GeneratedNetwork.forEachRouter { script, router, network, _ in
      if network.topology.links(of: router).isEmpty { return }
      let esp = "vpn ipsec esp-group SDWAN-ESP"
      let groups = ["SDWAN-IKE", "SDWAN-IKE-ANSWER"].map { "vpn ipsec ike-group \($0)" }
      for ike in groups {
        #expect(script.values(of: "\(ike) key-exchange") == ["ikev2"])
        #expect(script.values(of: "\(ike) lifetime") == ["28800"])
        #expect(script.values(of: "\(ike) proposal 1 dh-group") == ["14"])
      }
      #expect(script.values(of: "\(esp) lifetime") == ["3600"])
      #expect(script.values(of: "\(esp) mode") == ["tunnel"])
      #expect(script.values(of: "\(esp) pfs") == ["dh-group14"])
      for group in groups + [esp] {
        #expect(script.values(of: "\(group) proposal 1 encryption") == ["aes256"])
        #expect(script.values(of: "\(group) proposal 1 hash") == ["sha256"])
        #expect(script.values(of: "\(group) proposal").allSatisfy { $0.hasPrefix("1 ") })
      }
      for groups in ["vpn ipsec ike-group", "vpn ipsec esp-group"] {
        #expect(script.values(of: groups).allSatisfy { $0.hasPrefix("SDWAN-") })
      }
      #expect(script.settings.allSatisfy { !$0.hasSuffix("gcm128") && !$0.hasSuffix("gcm256") })
    }
  }

  /// 3.11: nothing of another region is in a router's script.
  @Test func nothingCrossesRegions() throws {
    try GeneratedNetwork.forEachRouter { script, router, network, _ in
      let words = Set(script.settings.flatMap { $0.split(separator: " ").map(String.init) })
      for other in network.topology.routers where other.region != router.region {
        let host = try #require(network.hosts[other.name])
        #expect(words.isDisjoint(with: ["\(host.eip)", "\(host.privateIP)", "\(other.loopback)/32"]))
      }
    }
  }

  /// No word can be anything to a shell but itself.
  @Test func wordsAreSafe() throws {
    let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/:")
    try GeneratedNetwork.forEachRouter { _, router, network, version in
      let configuration = try network.topology.configuration(of: router, network.hosts)
      for line in configuration.lines(for: version) + BaseConfiguration.lines {
        var words = line.call.split(separator: " ", omittingEmptySubsequences: false)
        let call = words.removeFirst()
        if call == "secretly_set" { #expect(words.removeLast() == "'@VPN_PSK@'") }
        #expect(["must_set", "may_set", "secretly_set"].contains(call))
        #expect(!words.isEmpty)
        #expect(words.allSatisfy { !$0.isEmpty && $0.allSatisfy(safe.contains) }, "\(line.call)")
      }
    }
  }

  /// A secret's place holds the placeholder, and one line has it for every tunnel.
  @Test func noSecretIsInAScript() throws {
    try GeneratedNetwork.forEachRouter { script, router, network, version in
      let secrets = script.lines.filter { $0.hasPrefix("secretly_set ") }
      #expect(secrets.count == network.topology.links(of: router).count)
      #expect(secrets.allSatisfy { $0.hasSuffix(" '@VPN_PSK@'") })
      let path = version == .v1_3 ? "authentication pre-shared-secret" : " secret"
      #expect(secrets.allSatisfy { $0.contains(path) })
      let plain = script.lines.filter { $0.hasPrefix("must_set ") }
      #expect(
        plain.allSatisfy { !$0.contains(" secret") && !$0.contains("authentication pre-shared-secret") })
    }
  }
}
