import FleetKit

/// What phase 3 tells CloudWatch of tunnels. One that neither end says anything of is not up and not down: of it there is
/// no number.
struct TunnelMeasurements {
  let topology: Topology
  let results: [String: TargetResult<VerificationDetails>]

  /// One of each tunnel whose state is known, and how many are down.
  var all: [Measurement] {
    let known = topology.tunnels.compactMap { tunnel in
      health(of: tunnel).map { (tunnel: tunnel, isUp: $0) }
    }
    guard !known.isEmpty else { return [] }
    let down = known.count { !$0.isUp }
    return known.map { measurement(of: $0.tunnel, isUp: $0.isUp) }
      + [Measurement(nil, [.init("TunnelsDown", .count, Double(down))])]
  }

  private func measurement(of tunnel: Tunnel, isUp: Bool) -> Measurement {
    let pings = ends(of: tunnel).compactMap { end, far in
      results[end.router]?.details.numbers?.ping[far.address.address.description]
    }
    let trips = pings.compactMap(\.roundTrip)
    var metrics = [Measurement.Metric("TunnelUp", .count, isUp ? 1 : 0)]
    if let loss = pings.map(\.loss).max() { metrics.append(.init("TunnelLoss", .percent, Double(loss))) }
    if !trips.isEmpty {
      let mean = trips.reduce(0, +) / Double(trips.count)
      metrics.append(.init("TunnelRoundTrip", .milliseconds, mean))
    }
    return Measurement(.init("Tunnel", tunnel.name), metrics)
  }

  /// Whether all is well at both ends; nil where nobody knows.
  private func health(of tunnel: Tunnel) -> Bool? {
    let checks = ends(of: tunnel).flatMap { end, far in
      (results[end.router]?.details.checks ?? []).filter { $0.reach == .tunnel(far.router) }
    }
    if checks.contains(where: isDown) { return false }
    return checks.isEmpty || checks.contains { $0.health != .ok } ? nil : true
  }

  /// What could not be read is nothing that is known to be wrong.
  private func isDown(_ check: Check) -> Bool {
    check.health == .fail && ![.unreadable, .noAnswer].contains(check.finding?.cause)
  }

  private func ends(of tunnel: Tunnel) -> [(own: Tunnel.End, far: Tunnel.End)] {
    [(tunnel.first, tunnel.second), (tunnel.second, tunnel.first)]
  }
}
