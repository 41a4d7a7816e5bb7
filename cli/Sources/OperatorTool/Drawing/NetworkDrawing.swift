/// The network as SVG. Marks, strokes and words say what colour says, in the light and in the dark.
struct NetworkDrawing {
  private typealias State = NetworkPicture.State

  private let picture: NetworkPicture
  private let layout: NetworkLayout

  init(_ picture: NetworkPicture) {
    self.picture = picture
    layout = NetworkLayout(picture)
  }

  /// - Parameter isAlone: whether it is a document by itself, with its own colours, and no part of a page.
  func svg(isAlone: Bool = true) -> String {
    let size =
      "viewBox=\"0 0 \(layout.width) \(layout.height)\" width=\"\(layout.width)\" height=\"\(layout.height)\""
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"network\" \(size) role=\"img\" aria-label=\"\(Markup.escaped(summary))\">"
    let ground =
      isAlone
      ? [
        Markup.element("style", "", "\(Palette.style)\n\(Self.style)"),
        "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>",
      ] : []
    let parts =
      layout.regions.map(region) + layout.trunks.map(trunk) + layout.rows.map(row) + layout.places.map(place)
    return ([head] + ground + parts + ["</svg>"]).joined(separator: "\n")
  }

  /// What whoever can't see the picture is told.
  private var summary: String {
    let size = "\(picture.routers.count) routers, \(picture.tunnels.count) tunnels"
    return picture.tunnelsUp.isEmpty ? size : "\(size), \(picture.tunnelsUp)"
  }

  static let style = """
    .network text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--text); }
    .network .words, .network .name { font-size: 11px; }
    .network .name { fill: var(--dim); }
    .ground { fill: var(--ground); }
    .region { fill: none; stroke: var(--line); stroke-dasharray: 4 4; }
    .router { fill: var(--box); stroke: var(--line); stroke-width: 1.5; }
    .router.reference { stroke-dasharray: 3 3; fill: none; }
    .router.well, .tunnel.well { stroke: var(--well); }
    .router.poor, .tunnel.poor { stroke: var(--poor); }
    .router.ill, .tunnel.ill { stroke: var(--ill); }
    .router.ill { stroke-width: 3; }
    .tunnel { stroke: var(--line); stroke-width: 2; fill: none; }
    .tunnel.poor { stroke-dasharray: 12 4; }
    .tunnel.ill { stroke-width: 3; stroke-dasharray: 4 6; }
    .tunnel.unknown { stroke-dasharray: 1 5; stroke-linecap: round; }
    .mark { fill: none; stroke-width: 2; }
    .mark.well { stroke: var(--well); } .mark.poor { stroke: var(--poor); }
    .mark.ill { stroke: var(--ill); stroke-width: 3; } .mark.unknown { stroke: var(--line); }
    .words.well { fill: var(--well) !important; } .words.poor { fill: var(--poor) !important; }
    .words.ill { fill: var(--ill) !important; font-weight: bold; }
    """

  private func region(_ name: String, _ box: NetworkLayout.Box) -> String {
    """
    <rect class="region" x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="8"/>
    <text class="heading" x="\(box.x + 16)" y="\(box.y + 22)">\(Markup.escaped(name))</text>
    """
  }

  private func trunk(_ trunk: NetworkLayout.Trunk) -> String {
    "<line class=\"tunnel trunk\" x1=\"\(trunk.x)\" y1=\"\(trunk.top)\" x2=\"\(trunk.x)\" y2=\"\(trunk.bottom)\"/>"
  }

  private func row(_ row: NetworkLayout.Row) -> String {
    let tunnel = picture.tunnels[row.tunnel]
    let kind = Self.kind(tunnel.state)
    let name = tunnel.name.shortened(to: NetworkPicture.Tunnel.mostWords)
    let words = tunnel.words
    let (text, mark) = (row.trunk + 34, mark(tunnel.state, row.trunk + 20, row.y))
    let title = "\(tunnel.name): \(tunnel.near) – \(tunnel.far)\(words.isEmpty ? "" : ", \(words)")"
    var parts = [
      "<g class=\"link\" data-tunnel=\"\(Markup.escaped(tunnel.name))\"><title>\(Markup.escaped(title))</title>",
      // The mark stands in a gap of the line.
      "<line class=\"tunnel\(kind)\" x1=\"\(row.trunk)\" y1=\"\(row.y)\" x2=\"\(mark.isEmpty ? row.end : row.trunk + 10)\" y2=\"\(row.y)\"/>",
    ]
    if !mark.isEmpty {
      parts.append(
        "<line class=\"tunnel\(kind)\" x1=\"\(row.trunk + 30)\" y1=\"\(row.y)\" x2=\"\(row.end)\" y2=\"\(row.y)\"/>"
      )
      parts.append(mark)
      parts.append(
        "<text class=\"words\(kind)\" x=\"\(text)\" y=\"\(row.y - 6)\">\(Markup.escaped(words))</text>")
    }
    parts.append("<text class=\"name\" x=\"\(text)\" y=\"\(row.y + 14)\">\(Markup.escaped(name))</text></g>")
    return parts.joined(separator: "\n")
  }

  private func place(_ place: NetworkLayout.Place) -> String {
    let (router, box) = (picture.routers[place.router], place.box)
    let kind = Self.kind(router.state)
    let corner = router.isHub ? 2 : 14
    let words = router.words.isEmpty ? "" : ": \(router.words)"
    return """
      <g class="node" data-router="\(Markup.escaped(router.name))"><title>\(Markup.escaped(router.name + words))</title>
      <rect class="router\(kind)\(place.isReference ? " reference" : "")" x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="\(corner)"/>
      \(mark(router.state, box.x + 18, box.centre))
      <text x="\(box.x + 34)" y="\(box.centre + 5)">\(Markup.escaped(router.name))</text></g>
      """
  }

  private static func kind(_ state: State?) -> String { state.map { " \($0.rawValue)" } ?? "" }

  /// A tick, a triangle, a cross, a square: drawn, as not every font has them.
  private func mark(_ state: State?, _ x: Int, _ y: Int) -> String {
    let path: String
    switch state {
    case .well: path = "M\(x - 6) \(y) l4 5 l8 -10"
    case .poor: path = "M\(x) \(y - 6) l7 12 h-14 z"
    case .ill: path = "M\(x - 5) \(y - 5) l10 10 m0 -10 l-10 10"
    case .unknown: path = "M\(x - 5) \(y - 5) h10 v10 h-10 z"
    case nil: return ""
    }
    return "<path class=\"mark\(Self.kind(state))\" d=\"\(path)\"/>"
  }
}
