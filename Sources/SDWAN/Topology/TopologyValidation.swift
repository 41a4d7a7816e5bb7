import Groundwork
import SSMKit

/// An entry of a topology that can't be right.
public struct TopologyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, with the entry that is.
  public var description: String

  /// - Parameter description: in words; what is too long for a message is cut.
  public init(_ description: String) { self.description = description.shown(bytes: 1000) }
}

extension Topology {
  /// Tunnels that a router may have: one table about all of them (`show vpn ipsec connections`, 57 characters a tunnel)
  /// has to fit, packed, into the 24,000 characters that Run Command keeps. docs/large-networks.md has the arithmetic.
  static let mostTunnels = 400

  /// - Parameter ends: which of `routers` each tunnel's ends are on.
  func validate(_ ends: [(first: Int, second: Int)]) throws(TopologyError) {
    if routers.isEmpty { throw TopologyError("the topology has no router") }
    for router in routers { try validate(router) }
    for (one, next) in zip(routers, routers.dropFirst()) where one.name == next.name {
      throw TopologyError("router \"\(one.name)\" is there twice")
    }
    for (index, router) in routers.enumerated() where loopbacks[router.loopback] != index {
      throw TopologyError("loopback \(router.loopback)/32 belongs to two routers")
    }
    for (tunnel, ends) in zip(tunnels, ends) {
      try validate(tunnel, routers[ends.first], routers[ends.second])
    }
    try requireDistinct(tunnels.map(\.name)) { "tunnel \"\(tunnels[$0].name)\" is there twice" }
    try requireDistinctInterfaces()
    try requireDistinct(ends.map { Pair(min($0.first, $0.second), max($0.first, $0.second)) }) {
      let names = [tunnels[$0].first.router, tunnels[$0].second.router].sorted()
      return
        "there are two tunnels between \(names[0]) and \(names[1]); VyOS 1.3 knows one per peer address"
    }
    try requireNetworksOfTheirOwn()
    try requireBoundedHubs()
  }

  private struct Pair: Hashable {
    let low: Int
    let high: Int

    init(_ low: Int, _ high: Int) { (self.low, self.high) = (low, high) }
  }

  private func requireDistinctInterfaces() throws(TopologyError) {
    for (router, indices) in zip(routers, tunnelsOf) where indices.count > 1 {
      let interfaces = indices.compactMap { tunnels[$0].ends(seenFrom: router.name)?.own.vti }
      try requireDistinct(interfaces) { "two tunnels use the same VTI: \(router.name) \(interfaces[$0])" }
    }
  }

  private func requireBoundedHubs() throws(TopologyError) {
    guard let index = tunnelsOf.firstIndex(where: { $0.count > Self.mostTunnels }) else { return }
    throw TopologyError(
      "router \"\(routers[index].name)\" has \(tunnelsOf[index].count) tunnels, and may have \(Self.mostTunnels): verification could not read more; "
        + "give some of its branches to another hub")
  }

  /// A network belongs to one tunnel, and no loopback lies in it.
  private func requireNetworksOfTheirOwn() throws(TopologyError) {
    for tunnel in tunnels {
      let network = tunnel.first.address.network
      guard let other = self.tunnel(around: network), other.name != tunnel.name else { continue }
      throw TopologyError("tunnels \"\(other.name)\" and \"\(tunnel.name)\" share the network \(network)/30")
    }
    for router in routers {
      guard let tunnel = tunnel(around: router.loopback) else { continue }
      throw TopologyError(
        "router \"\(router.name)\": loopback \(router.loopback) lies in the network of tunnel \"\(tunnel.name)\""
      )
    }
  }

  private func validate(_ router: Router) throws(TopologyError) {
    guard Self.isName(router.name) else {
      throw TopologyError(
        "router name \"\(router.name.shown(bytes: 80))\" is not 1 to 63 of a-z, 0-9 and - (not first)")
    }
    guard ![0, 23456, 65535, .max].contains(router.asn) else {
      throw TopologyError(
        "router \"\(router.name)\": \(router.asn) is no AS number for use (RFC 6793, RFC 7300, RFC 7607)")
    }
    if let purpose = router.loopback.purposeOnRouters {
      throw TopologyError("router \"\(router.name)\": loopback \(router.loopback) is \(purpose)")
    }
  }

  private func validate(_ tunnel: Tunnel, _ left: Router, _ right: Router) throws(TopologyError) {
    let (first, second) = (tunnel.first, tunnel.second)
    var here: String { "tunnel \"\(tunnel.name.shown(bytes: 80))\"" }
    guard Self.isName(tunnel.name) else {
      throw TopologyError("\(here): its name is not 1 to 63 of a-z, 0-9 and - (not first)")
    }
    for end in [first, second] {
      guard Self.isInterface(end.vti) else {
        throw TopologyError("\(here): \"\(end.vti.shown(bytes: 80))\" is no VTI name (vti0, vti1, …)")
      }
      if let purpose = end.address.address.purposeOnRouters {
        throw TopologyError("\(here): \(end.address) is \(purpose)")
      }
    }
    guard first.router != second.router else {
      throw TopologyError("\(here) has both ends on \(first.router)")
    }
    guard left.region == right.region else {
      throw TopologyError(
        "\(here) crosses regions: \(left.name) is in \(left.region), \(right.name) in \(right.region)")
    }
    guard left.asn != right.asn else {
      throw TopologyError(
        "\(here): \(left.name) and \(right.name) share AS \(left.asn), but the tunnels carry eBGP")
    }
    let hosts = (first.address.address.bits & 3, second.address.address.bits & 3)
    guard first.address.prefixLength == 30, second.address.prefixLength == 30,
      first.address.network == second.address.network, hosts == (1, 2) || hosts == (2, 1)
    else {
      throw TopologyError("\(here): \(first.address) and \(second.address) are not the two hosts of one /30")
    }
  }

  /// `vti` and a number of four digits at most, without leading zeros.
  private static func isInterface(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard (4...7).contains(bytes.count), bytes[0] == UInt8(ascii: "v"), bytes[1] == UInt8(ascii: "t"),
        bytes[2] == UInt8(ascii: "i")
      else { return false }
      for byte in bytes[3...] where !(0x30...0x39).contains(byte) { return false }
      return bytes[3] != 0x30 || bytes.count == 4
    }
  }

  static func isName(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      for byte in bytes
      where !(0x61...0x7A).contains(byte) && !(0x30...0x39).contains(byte) && byte != UInt8(ascii: "-") {
        return false
      }
      return (1...63).contains(bytes.count) && bytes[0] != UInt8(ascii: "-")
    }
  }
}

/// - Parameter complaint: of the first value that is there already, by its index.
private func requireDistinct<Value: Hashable>(
  _ values: [Value], _ complaint: (Int) -> String
) throws(TopologyError) {
  var seen: Set<Value> = []
  seen.reserveCapacity(values.count)
  for (index, value) in values.enumerated() where !seen.insert(value).inserted {
    throw TopologyError(complaint(index))
  }
}
