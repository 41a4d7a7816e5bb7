import SDWAN

/// What a picture of the network shows: regions, routers, tunnels, and how they are where somebody has looked.
struct NetworkPicture: Sendable {
  /// How a router or a tunnel is. Each has a mark of its own: whoever sees no colours misses nothing.
  enum State: String, Sendable, CaseIterable { case well, poor, ill, unknown }

  struct Router: Sendable {
    var name: String
    var region: String
    var isHub: Bool
    /// nil where nobody has looked.
    var state: State?
    /// What is wrong with it, in a word.
    var words = ""
  }

  struct Tunnel: Sendable {
    var name: String
    /// Where its line begins: the hub, where one end is one.
    var near: String
    var far: String
    /// nil where nobody has looked.
    var state: State?
    /// Percent, the worse of both directions.
    var loss: Double?
    /// Milliseconds, the longer of both directions.
    var roundTrip: Double?
    /// What is wrong with it, in a word.
    var cause: String?
  }

  var routers: [Router]
  var tunnels: [Tunnel]
  /// What is in the network and not in the picture, in words.
  var leftOut: String?

  init(_ topology: Topology) {
    routers = topology.routers.map {
      Router(name: $0.name, region: $0.region.name, isHub: $0.role == .sdwan)
    }
    let hubs = Set(routers.lazy.filter(\.isHub).map(\.name))
    tunnels = topology.tunnels.map { tunnel in
      let (first, second) = (tunnel.first.router, tunnel.second.router)
      let isTurned = hubs.contains(second) && !hubs.contains(first)
      return Tunnel(name: tunnel.name, near: isTurned ? second : first, far: isTurned ? first : second)
    }
  }

  /// What phase 3 has seen, drawn over a topology.
  init(_ topology: Topology, seen results: [String: RouterResult], healthyOthers: Bool = false) {
    self.init(topology)
    let sight = NetworkSight(results, healthyOthers: healthyOthers)
    for index in routers.indices {
      (routers[index].state, routers[index].words) = sight.router(routers[index].name)
    }
    for index in tunnels.indices { sight.look(at: &tunnels[index], topology.tunnels[index]) }
  }

  /// What a result says by itself of routers, where no topology is at hand: who is in it, and who has a tunnel to whom.
  init(seen results: [String: RouterResult]) {
    let sight = NetworkSight(results)
    var peers: [String: [String]] = [:]
    for (name, result) in results { peers[name] = NetworkSight.peers(in: result) }
    routers = Set(results.keys).union(peers.values.joined()).sorted().map { name in
      let (state, words) = sight.router(name)
      return Router(
        name: name, region: "", isHub: (peers[name]?.count ?? 0) > 1, state: state, words: words)
    }
    let hubs = Set(routers.lazy.filter(\.isHub).map(\.name))
    var pairs: Set<[String]> = []
    for (name, others) in peers { for other in others { pairs.insert([name, other].sorted()) } }
    tunnels = pairs.sorted { $0.lexicographicallyPrecedes($1) }.map { pair in
      let isTurned = hubs.contains(pair[1]) && !hubs.contains(pair[0])
      var tunnel = Tunnel(
        name: pair.joined(separator: "–"), near: pair[isTurned ? 1 : 0], far: pair[isTurned ? 0 : 1])
      sight.look(at: &tunnel, nil)
      return tunnel
    }
  }

  /// Above so many routers only what is not well is drawn.
  static let mostDrawnWhole = 200

  /// The tunnels that are not well with the routers at their ends, and the routers that are not; the rest as counts.
  var essence: NetworkPicture {
    guard routers.count > Self.mostDrawnWhole else { return self }
    var short = self
    short.tunnels = tunnels.filter { $0.state != .well }
    let ends = Set(short.tunnels.flatMap { [$0.near, $0.far] })
    short.routers = routers.filter { ends.contains($0.name) || $0.state == .ill }
    let left = (routers: routers.count - short.routers.count, tunnels: tunnels.count - short.tunnels.count)
    short.leftOut = "\(left.routers) routers and \(left.tunnels) tunnels that are well are not drawn"
    return short
  }

  /// How many tunnels are up, in words; empty where nobody has looked at any.
  var tunnelsUp: String {
    let seen = tunnels.compactMap(\.state)
    guard !seen.isEmpty else { return "" }
    let (up, unknown) = (seen.count { $0 == .well || $0 == .poor }, seen.count { $0 == .unknown })
    return "\(up) of \(seen.count) tunnels up\(unknown > 0 ? ", of \(unknown) it is not known" : "")"
  }
}

extension NetworkPicture.Tunnel {
  /// State, loss, round trip, cause: at most ``mostWords`` characters.
  var words: String {
    guard let state else { return "" }
    var parts: [String] = []
    switch state {
    case .well, .poor: parts.append("up")
    case .ill: parts.append("down")
    case .unknown: return "not known"
    }
    if state != .ill || loss.map({ $0 < 100 }) ?? false, let loss {
      parts.append("\(Int(loss.rounded())) % loss")
    }
    if state != .ill, let roundTrip { parts.append(Self.milliseconds(roundTrip)) }
    if state != .well, let cause { parts.append(cause) }
    return parts.joined(separator: " · ").shortened(to: Self.mostWords)
  }

  static let mostWords = 34

  static func milliseconds(_ time: Double) -> String {
    time < 10 ? "\((time * 10).rounded() / 10) ms" : "\(Int(time.rounded())) ms"
  }
}

extension String {
  /// At most so many characters, the last one an ellipsis where there are more.
  func shortened(to most: Int) -> String { count <= most ? self : prefix(most - 1) + "…" }
}
