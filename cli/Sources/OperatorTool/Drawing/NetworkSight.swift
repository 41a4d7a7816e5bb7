import SDWAN

/// What a result of phase 3 says of each router and each tunnel, of a tunnel by both its ends.
struct NetworkSight {
  private let results: [String: RouterResult]
  /// Whether a router without a result is well: results of large networks name only the others.
  private let healthyOthers: Bool

  init(_ results: [String: RouterResult], healthyOthers: Bool = false) {
    self.results = results
    self.healthyOthers = healthyOthers
  }

  private static let tunnelTo = "tunnel to "

  /// Whom a router has, or should have, a tunnel to.
  static func peers(in result: RouterResult) -> [String] {
    result.details.checks?.filter { $0.area == "ipsec" && $0.name.hasPrefix(tunnelTo) }
      .map { String($0.name.dropFirst(tunnelTo.count)) } ?? []
  }

  /// Whether phase 3 has really looked at it: a plan only says how it would.
  static func hasLooked(_ result: RouterResult) -> Bool {
    result.status != "Success" || result.details.checks != nil || result.details.interfaces != nil
  }

  func router(_ name: String) -> (NetworkPicture.State?, String) {
    guard let result = results[name] else { return (healthyOthers ? .well : nil, "") }
    guard Self.hasLooked(result) else { return (nil, "") }
    if result.status == "Success" { return (.well, "") }
    let diagnosis = result.details.diagnosis
    return (
      .ill, diagnosis.map { $0.at.map { "because of \($0)" } ?? $0.cause.rawValue } ?? result.status
    )
  }

  /// - Parameter given: the tunnel with its addresses, where they are known.
  func look(at tunnel: inout NetworkPicture.Tunnel, _ given: Tunnel?) {
    let ends = [(tunnel.near, tunnel.far), (tunnel.far, tunnel.near)].map { own, far in
      seen(of: own, to: far, given)
    }
    let told = ends.compactMap { $0 }
    let named = [tunnel.near, tunnel.far].filter { results[$0] != nil }
    guard !told.isEmpty else {
      // Nobody has looked; or who looked could not tell.
      let isWell = healthyOthers && named.isEmpty
      tunnel.state =
        isWell ? .well : named.contains { results[$0].map(Self.hasLooked) ?? false } ? .unknown : nil
      return
    }
    tunnel.loss = told.compactMap(\.loss).max()
    tunnel.roundTrip = told.compactMap(\.roundTrip).max()
    if told.contains(where: { $0.health == "fail" }) || tunnel.loss == 100 {
      tunnel.state = .ill
    } else if !told.contains(where: { $0.health == "ok" }) {
      tunnel.state = .unknown
    } else {
      tunnel.state = (tunnel.loss ?? 0) > 0 || told.contains(where: \.isPoor) ? .poor : .well
    }
    if tunnel.state != .well { tunnel.cause = cause(of: tunnel) }
  }

  /// What an end of a tunnel has seen.
  private struct End {
    /// Of its SA: `ok`, `fail` or `unknown`.
    var health: String
    var loss: Double?
    var roundTrip: Double?
    /// Whether something fails that needs the tunnel.
    var isPoor: Bool
  }

  private func seen(of own: String, to far: String, _ tunnel: Tunnel?) -> End? {
    guard let details = results[own]?.details,
      let check = details.checks?.first(where: { $0.area == "ipsec" && $0.name == Self.tunnelTo + far })
    else { return nil }
    guard let tunnel else { return End(health: check.health, isPoor: false) }
    let address = (tunnel.first.router == far ? tunnel.first : tunnel.second).address.address.description
    let ping = details.numbers?.ping?[address]
    let isPoor =
      details.checks?.contains {
        $0.health == "fail" && ["bgp", "ping"].contains($0.area) && $0.name.hasSuffix(" \(address)")
      } ?? false
    return End(health: check.health, loss: ping?.loss, roundTrip: ping?.roundTrip, isPoor: isPoor)
  }

  /// The far end's: a hub has other tunnels, which its diagnosis may be about.
  private func cause(of tunnel: NetworkPicture.Tunnel) -> String? {
    let diagnosis = results[tunnel.far]?.details.diagnosis ?? results[tunnel.near]?.details.diagnosis
    return diagnosis?.cause.rawValue
  }
}
