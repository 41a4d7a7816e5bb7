import AWSClient
import SDWAN

/// The network in the languages of drawing programs.
enum GraphText {
  /// https://mermaid.js.org/syntax/flowchart.html
  static func mermaid(_ topology: Topology) -> String {
    var lines = ["flowchart LR"]
    let ids = Dictionary(topology.routers.enumerated().map { ($1.name, "r\($0)") }) { first, _ in first }
    for (region, routers) in byRegion(topology) {
      lines.append("  subgraph \(region)")
      for router in routers {
        let (open, close) = router.role == .sdwan ? ("{{", "}}") : ("(", ")")
        lines.append("    \(ids[router.name] ?? "")\(open)\"\(router.name)\"\(close)")
      }
      lines.append("  end")
    }
    for tunnel in topology.tunnels {
      lines.append(
        "  \(ids[tunnel.first.router] ?? "") ---|\"\(tunnel.name)\"| \(ids[tunnel.second.router] ?? "")")
    }
    return lines.joined(separator: "\n")
  }

  /// https://graphviz.org/doc/info/lang.html
  static func dot(_ topology: Topology) -> String {
    var lines = ["graph network {", "  node [shape=box];"]
    for (number, (region, routers)) in byRegion(topology).enumerated() {
      lines += ["  subgraph cluster_\(number) {", "    label=\"\(region)\";"]
      for router in routers {
        lines.append("    \"\(router.name)\"\(router.role == .sdwan ? " [shape=hexagon]" : "");")
      }
      lines.append("  }")
    }
    for tunnel in topology.tunnels {
      lines.append(
        "  \"\(tunnel.first.router)\" -- \"\(tunnel.second.router)\" [label=\"\(quoted(tunnel.name))\"];")
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  private static func quoted(_ text: String) -> String {
    text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }

  private static func byRegion(_ topology: Topology) -> [(Region, [Router])] {
    Dictionary(grouping: topology.routers, by: \.region).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
