import AWSClient
import Groundwork
import SSMKit

/// The network as data: its routers and the tunnels between them.
public struct Topology: Sendable, Equatable {
  /// By name, in order.
  public let routers: [Router]
  /// In the order of the document.
  public let tunnels: [Tunnel]
  /// Where a router of that name is in `routers`.
  private let places: [String: Int]
  /// Which of `tunnels` each of `routers` has.
  let tunnelsOf: [[Int]]
  /// Which of `routers` has a loopback, the first where two have it, and which of `tunnels` a network.
  let loopbacks: [IPv4Address: Int]
  private let networks: [IPv4Address: Int]

  /// Takes time in proportion to the network's size, as all that is asked of it does.
  /// - Throws: ``TopologyError`` that names the offending entry.
  public init(routers: [Router], tunnels: [Tunnel]) throws(TopologyError) {
    let sorted = routers.sorted { $0.name < $1.name }
    self.routers = sorted
    self.tunnels = tunnels
    places = Dictionary(sorted.indices.map { (sorted[$0].name, $0) }) { first, _ in first }
    loopbacks = Dictionary(sorted.indices.map { (sorted[$0].loopback, $0) }) { first, _ in first }
    networks = Dictionary(tunnels.indices.map { (tunnels[$0].first.address.network, $0) }) { first, _ in first
    }
    var ends: [(first: Int, second: Int)] = []
    ends.reserveCapacity(tunnels.count)
    for tunnel in tunnels {
      ends.append(
        (try Self.place(tunnel.first, of: tunnel, places), try Self.place(tunnel.second, of: tunnel, places)))
    }
    var tunnelsOf = Array(repeating: [Int](), count: sorted.count)
    for (index, pair) in ends.enumerated() {
      tunnelsOf[pair.first].append(index)
      if pair.second != pair.first { tunnelsOf[pair.second].append(index) }
    }
    self.tunnelsOf = tunnelsOf
    try validate(ends)
  }

  private static func place(
    _ end: Tunnel.End, of tunnel: Tunnel, _ places: [String: Int]
  ) throws(TopologyError) -> Int {
    guard let place = places[end.router] else {
      throw TopologyError(
        "tunnel \"\(tunnel.name.shown(bytes: 80))\": there is no router \"\(end.router.shown(bytes: 80))\"")
    }
    return place
  }

  /// In words what of the network has an address, or would be reached by it; nil for an address that is free.
  func use(of address: IPv4Address) -> String? {
    if let index = loopbacks[address] { return "the loopback of \(routers[index].name)" }
    return tunnel(around: address).map { "an address of tunnel \"\($0.name)\"" }
  }

  /// The tunnel in whose network an address lies.
  func tunnel(around address: IPv4Address) -> Tunnel? {
    networks[IPv4Interface(address: address, prefixLength: 30).network].map { tunnels[$0] }
  }

  /// The router of a name.
  public func router(named name: String) -> Router? { places[name].map { routers[$0] } }

  /// The tunnels of a router, each seen from its side.
  public func links(of router: Router) -> [Link] {
    (places[router.name].map { tunnelsOf[$0] } ?? []).compactMap { index in
      let tunnel = tunnels[index]
      guard let (own, far) = tunnel.ends(seenFrom: router.name), let peer = self.router(named: far.router)
      else {
        return nil
      }
      let initiates = router.role == peer.role ? own == tunnel.first : router.role == .branch
      return Link(tunnel: tunnel.name, own: own, far: far, peer: peer, initiates: initiates)
    }
  }
}

/// A router of the network.
public struct Router: Sendable, Hashable {
  /// What a router is for: its AS number follows from it.
  public enum Role: String, Sendable, Codable, CaseIterable {
    case sdwan
    case branch

    /// The AS number of routers that name none of their own.
    var asn: UInt32 { self == .sdwan ? 65001 : 65002 }
  }

  /// 1 to 63 letters, digits and `-`; its parameters and tunnels have it too.
  public var name: String
  /// Where its host lives.
  public var region: Region
  /// What it is for.
  public var role: Role
  /// Address of the loopback, a /32; also the BGP router id.
  public var loopback: IPv4Address
  /// Its AS number in BGP.
  public var asn: UInt32

  /// A router; its AS number is its role's unless it is given.
  public init(name: String, region: Region, role: Role, loopback: IPv4Address, asn: UInt32? = nil) {
    self.name = name
    self.region = region
    self.role = role
    self.loopback = loopback
    self.asn = asn ?? role.asn
  }
}

/// A tunnel between two routers of one region.
public struct Tunnel: Sendable, Equatable {
  /// One end: a VTI of a router and its address in the tunnel's /30.
  public struct End: Sendable, Equatable {
    /// The router at this end.
    public var router: String
    /// `vti0`, `vti1`, …
    public var vti: String
    /// Its address in the tunnel.
    public var address: IPv4Interface

    /// An end.
    public init(router: String, vti: String, address: IPv4Interface) {
      self.router = router
      self.vti = vti
      self.address = address
    }
  }

  /// For people.
  public var name: String
  /// The end that begins where both routers have the same role.
  public var first: End
  /// The other end.
  public var second: End

  /// An end.
  public init(name: String, _ first: End, _ second: End) {
    self.name = name
    self.first = first
    self.second = second
  }

  func ends(seenFrom router: String) -> (own: End, far: End)? {
    if first.router == router { return (first, second) }
    if second.router == router { return (second, first) }
    return nil
  }
}

/// A tunnel as one of its routers sees it.
public struct Link: Sendable, Equatable {
  /// The tunnel's name.
  public var tunnel: String
  /// The end at this router.
  public var own: Tunnel.End
  /// The end at the peer's.
  public var far: Tunnel.End
  /// The router at the other end.
  public var peer: Router
  /// Whether this end brings the tunnel up: the branch does, and between equals the first in the tunnel's list. Of
  /// two ends that both do, each makes an IKE SA of its own.
  public var initiates: Bool
}

/// An address with the length of its network's prefix, e.g. `169.254.100.1/30`.
public struct IPv4Interface: Sendable, Hashable, CustomStringConvertible {
  /// The address itself.
  public var address: IPv4Address
  /// 0 to 32.
  public var prefixLength: Int

  /// An address in its network.
  public init(address: IPv4Address, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// nil unless the text is an address, a slash and a number from 0 to 32.
  public init?(_ text: String) {
    var text = text
    let parts: (IPv4Address, Int)? = text.withUTF8 { bytes in
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
        let address = IPv4Address(utf8: bytes[..<slash]),
        let length = Self.prefixLength(bytes[(slash + 1)...])
      else { return nil }
      return (address, length)
    }
    guard let parts else { return nil }
    self.init(address: parts.0, prefixLength: parts.1)
  }

  /// One or two digits, the first no zero where there is a second.
  private static func prefixLength(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var length = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      length = length * 10 + Int(digit - 0x30)
    }
    let isPlain = digits.count == 1 || digits.count == 2 && digits.first != 0x30
    return isPlain && length <= 32 ? length : nil
  }

  /// The network's first address.
  public var network: IPv4Address {
    prefixLength == 0
      ? IPv4Address(bits: 0) : IPv4Address(bits: address.bits & ~UInt32(0) << (32 - prefixLength))
  }

  /// `ADDRESS/LENGTH`.
  public var description: String { "\(address)/\(prefixLength)" }
}

extension IPv4Address {
  /// Why neither a loopback nor a VTI can have an address; nil for all others. The network of the metadata service is
  /// taken on every EC2 instance.
  var purposeOnRouters: String? {
    bits >> 8 == 0xA9FEA9 ? "of the metadata service's network (169.254.169.0/24)" : purpose
  }
}
