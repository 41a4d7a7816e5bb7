/// The network as text, for terminals.
struct NetworkText {
  private let picture: NetworkPicture
  private let screen: Screen

  init(_ picture: NetworkPicture, on screen: Screen) {
    self.picture = picture
    self.screen = screen
  }

  /// A hub, and its tunnels below it.
  var lines: [String] {
    var lines: [String] = []
    let widest = picture.routers.map { $0.name.count + Self.mark($0.state).count }.max() ?? 0
    for (region, groups) in NetworkGroups(picture).byRegion {
      if !region.isEmpty { lines.append(screen.colored(region, .dim)) }
      for group in groups {
        lines.append("  " + router(group.router, group.isReference))
        for (number, row) in group.rows.enumerated() {
          let branch = number == group.rows.count - 1 ? "  └── " : "  ├── "
          let tunnel = picture.tunnels[row.tunnel]
          let name = router(row.peer, row.isReference)
          let peer = picture.routers[row.peer]
          let space = String(
            repeating: " ", count: max(widest - peer.name.count - Self.mark(peer.state).count, 0) + 2)
          let words = screen.colored("\(Self.mark(tunnel.state))\(tunnel.words)", Self.mood(tunnel.state))
          lines.append(branch + name + (tunnel.state == nil ? "" : space + words))
        }
      }
    }
    if let more = picture.leftOut { lines.append(more) }
    return lines
  }

  private func router(_ index: Int, _ isReference: Bool) -> String {
    let router = picture.routers[index]
    let name = router.state == .ill ? screen.colored(router.name, .bad) : router.name
    return "\(Self.mark(router.state))\(name)\(isReference ? " (elsewhere)" : "")"
  }

  private static func mark(_ state: NetworkPicture.State?) -> String {
    switch state {
    case .well: "✓ "
    case .poor: "! "
    case .ill: "✗ "
    case .unknown: "? "
    case nil: ""
    }
  }

  private static func mood(_ state: NetworkPicture.State?) -> Screen.Mood? {
    switch state {
    case .well: .good
    case .poor: .busy
    case .ill: .bad
    case .unknown, nil: .dim
    }
  }
}
