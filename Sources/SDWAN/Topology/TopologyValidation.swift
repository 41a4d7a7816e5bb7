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

  func validate() throws(TopologyError) {
    if routers.isEmpty { throw TopologyError("the topology has no router") }
    for router in routers { try validate(router) }
    try requireDistinct(routers.map(\.name)) { "router \"\($0)\" is there twice" }
    try requireDistinct(routers.map(\.loopback)) { "loopback \($0)/32 belongs to two routers" }
    for tunnel in tunnels { try validate(tunnel) }
    try requireDistinct(tunnels.map(\.name)) { "tunnel \"\($0)\" is there twice" }
    let ends = tunnels.flatMap { [$0.first, $0.second] }
    try requireDistinct(ends.map { "\($0.router) \($0.vti)" }) { "two tunnels use the same VTI: \($0)" }
    try requireDistinct(
      tunnels.map { [$0.first.router, $0.second.router].sorted().joined(separator: " and ") }
    ) {
      "there are two tunnels between \($0); VyOS 1.3 knows one per peer address"
    }
    try requireNetworksOfTheirOwn()
    try requireBoundedHubs(ends.map(\.router))
  }

  private func requireBoundedHubs(_ routers: [String]) throws(TopologyError) {
    let counts = Dictionary(routers.map { ($0, 1) }, uniquingKeysWith: +)
    guard let (name, count) = counts.filter({ $0.value > Self.mostTunnels }).min(by: { $0.key < $1.key })
    else {
      return
    }
    throw TopologyError(
      "router \"\(name)\" has \(count) tunnels, and may have \(Self.mostTunnels): verification could not read more; "
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

  private func validate(_ tunnel: Tunnel) throws(TopologyError) {
    let (first, second) = (tunnel.first, tunnel.second)
    let here = "tunnel \"\(tunnel.name.shown(bytes: 80))\""
    guard Self.isName(tunnel.name) else {
      throw TopologyError("\(here): its name is not 1 to 63 of a-z, 0-9 and - (not first)")
    }
    for end in [first, second] {
      guard router(named: end.router) != nil else {
        throw TopologyError("\(here): there is no router \"\(end.router.shown(bytes: 80))\"")
      }
      let number = end.vti.dropFirst(3)
      guard end.vti.hasPrefix("vti"), (1...4).contains(number.utf8.count), let value = UInt(number),
        String(value) == number
      else { throw TopologyError("\(here): \"\(end.vti.shown(bytes: 80))\" is no VTI name (vti0, vti1, …)") }
      if let purpose = end.address.address.purposeOnRouters {
        throw TopologyError("\(here): \(end.address) is \(purpose)")
      }
    }
    guard first.router != second.router else {
      throw TopologyError("\(here) has both ends on \(first.router)")
    }
    guard let left = router(named: first.router), let right = router(named: second.router) else { return }
    guard left.region == right.region else {
      throw TopologyError(
        "\(here) crosses regions: \(left.name) is in \(left.region), \(right.name) in \(right.region)")
    }
    guard left.asn != right.asn else {
      throw TopologyError(
        "\(here): \(left.name) and \(right.name) share AS \(left.asn), but the tunnels carry eBGP")
    }
    let hosts = Set([first, second].map { $0.address.address.bits & 3 })
    guard [first, second].allSatisfy({ $0.address.prefixLength == 30 }),
      first.address.network == second.address.network, hosts == [1, 2]
    else {
      throw TopologyError("\(here): \(first.address) and \(second.address) are not the two hosts of one /30")
    }
  }

  static func isName(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
    }
    return (1...63).contains(text.utf8.count) && isPlain && !text.hasPrefix("-")
  }
}

private func requireDistinct<Value: Hashable>(
  _ values: [Value], _ complaint: (Value) -> String
) throws(TopologyError) {
  var seen: Set<Value> = []
  for value in values where !seen.insert(value).inserted { throw TopologyError(complaint(value)) }
}
