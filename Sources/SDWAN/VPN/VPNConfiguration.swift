import SSMKit

/// What phase 2 gives a router: loopback, VTIs, IPsec and BGP, from one model in three dialects.
///
/// The differences between the dialects were taken from the command definitions of VyOS 1.3.8, 1.4.0 and
/// the branch that became 1.5.
struct VPNConfiguration: Sendable {
  private static let esp = "SDWAN-ESP"

  var router: Router
  /// The router's own outside address, which the host's Elastic IP is translated to.
  var privateIP: IPv4Address
  var peers: [Peer]
  /// Tunnels that have keys of their own.
  var ownKeys: Set<String> = []

  func lines(for version: VyOSVersion) -> [ConfigurationLine] {
    var lines = interfaces(version)
    lines += ipsecGroups(version)
    for peer in peers { lines += ipsecPeer(peer, version) }
    lines += bgp(version)
    return lines
  }

  // MARK: Interfaces

  private func interfaces(_ version: VyOSVersion) -> [ConfigurationLine] {
    let loopback = ConfigurationLine("interfaces loopback lo address", "\(router.loopback)/32").owning()
    return [loopback] + peers.map(\.link).flatMap { vti($0, version) }
  }

  /// An interface that is as small as its tunnel, for a packet that is too large to be answered here and not lost on
  /// the way; and TCP told so from the beginning, for many hosts are never reached by that answer.
  private func vti(_ link: Link, _ version: VyOSVersion) -> [ConfigurationLine] {
    let vti = "interfaces vti \(link.own.vti)"
    // 1.3 knows no such word of an interface. Its firewall has it; a release that lacks it there goes without.
    let firewall = "firewall options interface \(link.own.vti)"
    return [
      ConfigurationLine("\(vti) address", link.own.address).owning(),
      ConfigurationLine("\(vti) description", link.peer.name).owning(vti, alone: true),
      ConfigurationLine("\(vti) mtu", InnerPacket.largest),
      version.namesPeers
        ? ConfigurationLine("\(vti) ip adjust-mss clamp-mss-to-pmtu")
        : ConfigurationLine.optional("\(firewall) adjust-mss", InnerPacket.largestSegment)
          .owning(firewall, alone: true),
    ]
  }

  // MARK: IPsec

  private func ipsecGroups(_ version: VyOSVersion) -> [ConfigurationLine] {
    guard !peers.isEmpty else { return [] }
    return [
      ConfigurationLine(
        version.namesPeers ? "vpn ipsec interface eth0" : "vpn ipsec ipsec-interfaces interface eth0"),
      // Route-based: what goes into a tunnel is BGP's decision, not the policies'.
      ConfigurationLine("vpn ipsec options disable-route-autoinstall"),
    ] + uniqueness(version) + Self.groups[version, default: []]
  }

  /// The proposals, which all routers of a dialect share.
  private static let groups = Dictionary(uniqueKeysWithValues: VyOSVersion.allCases.map { ($0, groups($0)) })

  private static func groups(_ version: VyOSVersion) -> [ConfigurationLine] {
    let esp = "vpn ipsec esp-group \(esp)"
    return IKEGroup.allCases.flatMap { $0.lines(version) } + [
      ConfigurationLine("\(esp) lifetime 3600").owning(esp, alone: true),
      ConfigurationLine("\(esp) mode tunnel"),
      ConfigurationLine("\(esp) pfs dh-group14"),
      ConfigurationLine("\(esp) proposal 1 encryption aes256"),
      ConfigurationLine("\(esp) proposal 1 hash sha256"),
    ]
  }

  /// 1.3 closes the older of two IKE SAs. Where the initiator, whose close-action is to begin again, has two for a moment,
  /// each closing would bring the next one: who answers leaves them alone, as 1.4 does, and still drops an older one when
  /// its peer says that it has none.
  private func uniqueness(_ version: VyOSVersion) -> [ConfigurationLine] {
    version.namesPeers || peers.allSatisfy(\.link.initiates)
      ? [] : [ConfigurationLine("vpn ipsec disable-uniqreqids")]
  }

  private func ipsecPeer(_ peer: Peer, _ version: VyOSVersion) -> [ConfigurationLine] {
    let name = peer.link.peer.name
    let ike = IKEGroup(initiates: peer.link.initiates)
    let secret = key(of: peer.link)
    let site = "vpn ipsec site-to-site peer \(version.namesPeers ? name : peer.eip.description)"
    let key =
      version.namesPeers
      ? [
        ConfigurationLine("vpn ipsec authentication psk \(name) id", privateIP).owning(),
        ConfigurationLine("vpn ipsec authentication psk \(name) id", peer.privateIP).owning(),
        ConfigurationLine.secret("vpn ipsec authentication psk \(name) secret", secret)
          .owning("vpn ipsec authentication psk \(name)", alone: true),
        ConfigurationLine("\(site) remote-address", peer.eip),
      ] : [ConfigurationLine.secret("\(site) authentication pre-shared-secret", secret)]
    return key + [
      ConfigurationLine("\(site) authentication mode pre-shared-secret").owning(site, alone: true),
      ConfigurationLine("\(site) authentication \(version.namesPeers ? "local-id" : "id")", privateIP),
      // Behind 1:1 NAT a peer proves its private address, not the Elastic IP that it is reached at.
      ConfigurationLine("\(site) authentication remote-id", peer.privateIP),
      ConfigurationLine("\(site) connection-type", ike.connectionType(version)),
      ConfigurationLine("\(site) ike-group", ike.rawValue),
      ConfigurationLine("\(site) local-address", privateIP),
      ConfigurationLine("\(site) vti bind", peer.link.own.vti),
      ConfigurationLine("\(site) vti esp-group", Self.esp),
    ]
  }

  private func key(of link: Link) -> TunnelKey { ownKeys.contains(link.tunnel) ? .own(link.tunnel) : .common }

  /// The keys that the lines need, each once and in order.
  var keys: [TunnelKey] { Set(peers.map { key(of: $0.link) }).sorted() }

  // MARK: BGP

  private func bgp(_ version: VyOSVersion) -> [ConfigurationLine] {
    let bgp = version.namesPeers ? "protocols bgp" : "protocols bgp \(router.asn)"
    let system = version.namesPeers ? [ConfigurationLine("protocols bgp system-as", router.asn)] : []
    return system + [
      // Its AS number is a part of 1.3's path: another number is another node.
      ConfigurationLine("\(bgp) parameters router-id", router.loopback).owning(bgp),
      ConfigurationLine("\(bgp) address-family ipv4-unicast network", "\(router.loopback)/32").owning(),
    ]
      + peers.map(\.link).flatMap { link -> [ConfigurationLine] in
        let neighbor = "\(bgp) neighbor \(link.far.address.address)"
        let family = version.namesPeers ? [ConfigurationLine("\(neighbor) address-family ipv4-unicast")] : []
        return family + [
          ConfigurationLine("\(neighbor) remote-as", link.peer.asn).owning(neighbor, alone: true),
          ConfigurationLine("\(neighbor) ebgp-multihop 2"),
          ConfigurationLine("\(neighbor) update-source", link.own.address.address),
          // A first try that comes before the tunnel is up would be repeated after two minutes only.
          ConfigurationLine("\(neighbor) timers connect 10"),
        ]
      }
  }
}
