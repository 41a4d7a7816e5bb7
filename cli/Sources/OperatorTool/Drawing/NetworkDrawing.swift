import SDWAN

/// The network as SVG: regions, hubs, branches and tunnels, with their states where they are known. Shape and words say what
/// colour says.
struct NetworkDrawing {
  /// How a tunnel or a router is.
  enum State: String { case well, ill, unknown }

  private let topology: Topology
  private let layout: NetworkLayout
  /// By router.
  var routers: [String: State] = [:]
  /// By tunnel: state and what stands beside it, e.g. its round trip.
  var tunnels: [String: (state: State, words: String)] = [:]

  init(_ topology: Topology) {
    self.topology = topology
    layout = NetworkLayout(topology)
  }

  var svg: String {
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(layout.width) \(layout.height)\" width=\"\(layout.width)\" height=\"\(layout.height)\" role=\"img\" aria-label=\"the network\">"
    let parts =
      [head, Self.style] + layout.regions.map(region) + topology.tunnels.map(line) + topology.routers.map(box)
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private static let style = """
    <style>
      .region { fill: none; stroke: #8a8f98; stroke-dasharray: 4 4; }
      .router { fill: #f4f5f7; stroke: #5b6270; stroke-width: 1.5; }
      .tunnel { stroke: #5b6270; stroke-width: 2; }
      .well { stroke: #1a7f37; } .ill { stroke: #cf222e; stroke-width: 3; } line.ill { stroke-dasharray: 8 6; }
      text { font: 13px system-ui, sans-serif; fill: #1f2328; }
      .words { font-size: 11px; paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }
      @media (prefers-color-scheme: dark) {
        .router { fill: #22272e; } text { fill: #e6edf3; } .words { stroke: #0d1117; } .well { stroke: #3fb950; } .ill { stroke: #f85149; }
      }
    </style>
    """

  private func region(_ name: String, _ box: NetworkLayout.Box) -> String {
    """
    <rect class="region" x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="8"/>
    <text x="\(box.x + 12)" y="\(box.y + 20)">\(name)</text>
    """
  }

  private func line(_ tunnel: Tunnel) -> String {
    guard let from = layout.boxes[tunnel.first.router]?.middle,
      let to = layout.boxes[tunnel.second.router]?.middle
    else { return "" }
    let known = tunnels[tunnel.name]
    let kind = known.map { " \($0.state.rawValue)" } ?? ""
    let words = known.map { $0.words.isEmpty ? $0.state.rawValue : $0.words } ?? ""
    let text =
      words.isEmpty
      ? ""
      : "\n<text class=\"words\" text-anchor=\"middle\" x=\"\((from.x + to.x) / 2)\" y=\"\((from.y + to.y) / 2)\">\(Self.escaped(words))</text>"
    return
      "<line class=\"tunnel\(kind)\" x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\"><title>\(Self.escaped(tunnel.name))</title></line>\(text)"
  }

  private func box(_ router: Router) -> String {
    guard let box = layout.boxes[router.name] else { return "" }
    let kind = routers[router.name].map { " \($0.rawValue)" } ?? ""
    let mark = routers[router.name] == .ill ? "✗ " : routers[router.name] == .well ? "✓ " : ""
    let corner = router.role == .sdwan ? 2 : 16
    return """
      <rect class="router\(kind)" x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="\(corner)"/>
      <text text-anchor="middle" x="\(box.middle.x)" y="\(box.middle.y + 5)">\(mark)\(Self.escaped(router.name))</text>
      """
  }

  static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }
}
