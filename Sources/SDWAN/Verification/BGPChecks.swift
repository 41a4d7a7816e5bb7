extension Expectation {
  func bgpChecks(_ answers: Answers) -> [Check] {
    if peers.isEmpty { return [] }
    let neighbors = judge(
      .bgp, "bgp-summary", answers, { text throws(Unreadable) in try BGPSummary(text) }
    ) { summary in [identity(summary)] + peers.map { neighbor($0, summary) } }
    let routes = judge(
      .bgp, "ip-route-bgp", answers, { text throws(Unreadable) in try RouteTable(text) }
    ) { table in peers.map { route($0, table) } }
    return neighbors + routes
  }

  private func identity(_ summary: BGPSummary) -> Check {
    let seen = "router id \(summary.routerID), AS \(summary.localAS)"
    guard summary.localAS == router.asn, summary.routerID == router.loopback.description else {
      return .fail(
        .bgp, "BGP", seen: seen, "BGP runs as \(seen) instead of \(router.loopback), AS \(router.asn)")
    }
    return .ok(.bgp, "BGP", seen: seen)
  }

  private func neighbor(_ peer: Peer, _ summary: BGPSummary) -> Check {
    let address = peer.link.far.address.address
    let title = "neighbor \(address)"
    guard let neighbor = summary.neighbors.first(where: { $0.address == address }) else {
      return .fail(.bgp, title, seen: "nothing", "BGP has no neighbor \(address)")
    }
    let seen = "AS \(neighbor.asn), \(neighbor.state)" + (neighbor.prefixes.map { ", \($0) prefixes" } ?? "")
    guard neighbor.asn == peer.link.peer.asn else {
      return .fail(
        .bgp, title, seen: seen, "neighbor \(address) has AS \(neighbor.asn) instead of \(peer.link.peer.asn)"
      )
    }
    guard let prefixes = neighbor.prefixes else {
      return .fail(
        .bgp, title, seen: seen,
        "the BGP session with \(peer.link.peer.name) (\(address)) is \(neighbor.state)",
        mayComeUp: !neighbor.state.contains("("))
    }
    guard prefixes > 0 else {
      return .fail(.bgp, title, seen: seen, "neighbor \(address) announces no prefix", mayComeUp: true)
    }
    return .ok(.bgp, title, seen: seen)
  }

  private func route(_ peer: Peer, _ table: RouteTable) -> Check {
    let destination = "\(peer.link.peer.loopback)/32"
    let title = "route to \(destination)"
    guard let route = table.routes.first(where: { $0.destination == destination }) else {
      return .fail(.bgp, title, seen: "nothing", "BGP brought no route to \(destination)", mayComeUp: true)
    }
    let hops = route.nextHops.map { "\($0.gateway) \($0.device)" }.joined(separator: ", ")
    guard route.isInUse else {
      return .fail(.bgp, title, seen: hops, "the route to \(destination) is not in use", mayComeUp: true)
    }
    let (far, own) = (peer.link.far.address.address.description, peer.link.own.vti)
    guard route.nextHops.contains(where: { $0.gateway == far && $0.device == own }) else {
      return .fail(.bgp, title, seen: hops, "the route to \(destination) does not go through \(own)")
    }
    return .ok(.bgp, title, seen: hops)
  }
}
