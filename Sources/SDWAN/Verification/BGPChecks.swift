extension Expectation {
  func bgpChecks(_ seen: Observation) -> [Check] {
    if peers.isEmpty { return [] }
    let neighbors = seen.bgp.checks(.bgp, "bgp-summary") { summary in
      [identity(summary)] + peers.map { neighbor($0, summary).about($0) }
    }
    return neighbors
      + seen.routes.checks(.bgp, "ip-route-bgp") { table in
        peers.map { route($0, table).on(.route).about($0) }
      }
  }

  private func identity(_ summary: BGPSummary) -> Check {
    let seen = "router id \(summary.routerID), AS \(summary.localAS)"
    guard summary.localAS == router.asn, summary.routerID == router.loopback.description else {
      return .fail(
        .bgp, "BGP", seen: seen, "BGP runs as \(seen) instead of \(router.loopback), AS \(router.asn)",
        summary.localAS == router.asn ? .notConfigured : .wrongAS
      ).on(.session, .router)
    }
    return .ok(.bgp, "BGP", seen: seen)
  }

  private func neighbor(_ peer: Peer, _ summary: BGPSummary) -> Check {
    let address = peer.link.far.address.address
    let title = "neighbor \(address)"
    return checking(.bgp, title) { () throws(Unreadable) in
      guard let neighbor = try summary.neighbor(address) else {
        return .fail(.bgp, title, seen: "nothing", "BGP has no neighbor \(address)", .notConfigured)
      }
      let seen = "AS \(neighbor.asn), \(neighbor.session)"
      guard neighbor.asn == peer.link.peer.asn else {
        return .fail(
          .bgp, title, seen: seen,
          "neighbor \(address) has AS \(neighbor.asn) instead of \(peer.link.peer.asn)", .wrongAS)
      }
      guard let trouble = trouble(neighbor, with: peer) else { return .ok(.bgp, title, seen: seen) }
      let check = Check.fail(
        .bgp, title, seen: seen, trouble.reason, trouble.cause, mayComeUp: trouble.mayComeUp)
      return neighbor.session.isDown ? check : check.on(.prefixes)
    }
  }

  private struct Trouble {
    var cause: Cause
    var reason: String
    var mayComeUp = false
  }

  private func trouble(_ neighbor: BGPSummary.Neighbor, with peer: Peer) -> Trouble? {
    let address = peer.link.far.address.address
    switch neighbor.session {
    case .down(let state):
      // `Idle (PfxCt)`, `Idle (Admin)`: somebody's wish.
      let isWanted = state.contains("(")
      return Trouble(
        cause: isWanted ? .policy : .sessionDown,
        reason: "the BGP session with \(peer.link.peer.name) (\(address)) is \(state)", mayComeUp: !isWanted)
    case .withoutPolicy:
      return Trouble(
        cause: .policy,
        reason: "neighbor \(address) is Established, but no policy lets its prefixes in: (Policy), RFC 8212")
    case .notNegotiated:
      return Trouble(
        cause: .notConfigured,
        reason: "neighbor \(address) is Established, but not for IPv4 unicast (NoNeg)")
    // Its own silence is a router's own fault, whatever the other end says.
    case .established(0) where neighbor.sent != "0":
      return Trouble(
        cause: .nothingReceived, reason: "neighbor \(address) announces no prefix", mayComeUp: true)
    case .established:
      break
    }
    switch neighbor.sent {
    case "0"?:
      return Trouble(
        cause: .nothingAnnounced, reason: "nothing is announced to neighbor \(address)", mayComeUp: true)
    case "(Policy)"?:
      return Trouble(
        cause: .policy, reason: "no policy lets prefixes out to neighbor \(address): (Policy), RFC 8212")
    default: return nil
    }
  }

  private func route(_ peer: Peer, _ table: RouteTable) -> Check {
    let destination = "\(peer.link.peer.loopback)/32"
    let title = "route to \(destination)"
    guard let route = table.routes.first(where: { $0.destination == destination }) else {
      return .fail(
        .bgp, title, seen: "nothing", "BGP brought no route to \(destination)", .noRoute, mayComeUp: true)
    }
    let hops = route.nextHops.map { "\($0.gateway) \($0.device)" }.joined(separator: ", ")
    guard route.isInUse else {
      return .fail(
        .bgp, title, seen: hops, "the route to \(destination) is not in use", .noRoute, mayComeUp: true)
    }
    let (far, own) = (peer.link.far.address.address.description, peer.link.own.vti)
    guard route.nextHops.contains(where: { $0.gateway == far && $0.device == own }) else {
      return .fail(
        .bgp, title, seen: hops, "the route to \(destination) does not go through \(own)", .noRoute)
    }
    return .ok(.bgp, title, seen: hops)
  }
}

extension BGPSummary.Session: CustomStringConvertible {
  var description: String {
    switch self {
    case .established(let prefixes): "Established, \(prefixes) prefixes"
    case .withoutPolicy: "Established, (Policy)"
    case .notNegotiated: "Established, NoNeg"
    case .down(let state): state
    }
  }
}
