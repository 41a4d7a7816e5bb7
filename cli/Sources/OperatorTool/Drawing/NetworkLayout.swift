import AWSClient
import SDWAN

/// Where each router of a network is drawn: regions side by side, in each a row for every hub with its branches below, so that
/// nothing overlaps whatever the network is.
struct NetworkLayout {
  struct Box {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    var middle: (x: Int, y: Int) { (x + width / 2, y + height / 2) }
  }

  static let boxHeight = 36
  private static let gap = 24
  private static let rowGap = 56
  private static let margin = 20
  private static let head = 30
  /// Boxes in a row.
  private static let mostInRow = 8

  /// By router.
  private(set) var boxes: [String: Box] = [:]
  /// By region's name.
  private(set) var regions: [(name: String, box: Box)] = []
  private(set) var width = 0
  private(set) var height = 0

  init(_ topology: Topology) {
    let longest = topology.routers.map(\.name.count).max() ?? 1
    let boxWidth = max(longest * 8 + 24, 90)
    var left = Self.margin
    for (region, routers) in Dictionary(grouping: topology.routers, by: \.region).sorted(by: {
      $0.key < $1.key
    }) {
      let rows = Self.rows(of: routers, topology)
      let columns = rows.map(\.count).max() ?? 1
      let inner = columns * boxWidth + (columns - 1) * Self.gap
      var top = Self.margin + Self.head
      for row in rows {
        let own = row.count * boxWidth + (row.count - 1) * Self.gap
        var x = left + Self.margin + (inner - own) / 2
        for router in row {
          boxes[router.name] = Box(x: x, y: top, width: boxWidth, height: Self.boxHeight)
          x += boxWidth + Self.gap
        }
        top += Self.boxHeight + Self.rowGap
      }
      let box = Box(
        x: left, y: Self.margin, width: inner + 2 * Self.margin,
        height: top - Self.rowGap + Self.margin - Self.margin)
      regions.append((region.name, box))
      left += box.width + Self.gap
      height = max(height, box.y + box.height + Self.margin)
    }
    width = left - Self.gap + Self.margin
  }

  /// Hubs first, each row's branches below; what is neither one's branch comes last.
  private static func rows(of routers: [Router], _ topology: Topology) -> [[Router]] {
    var left = Set(routers.map(\.name))
    var rows: [[Router]] = []
    let hubs = routers.filter { $0.role == .sdwan }
    rows += hubs.inRows(of: mostInRow)
    left.subtract(hubs.map(\.name))
    for hub in hubs {
      let branches = topology.links(of: hub).map(\.peer).filter { left.remove($0.name) != nil }
      rows += branches.inRows(of: mostInRow)
    }
    return rows + routers.filter { left.contains($0.name) }.inRows(of: mostInRow)
  }
}

extension [Router] {
  fileprivate func inRows(of most: Int) -> [[Router]] {
    stride(from: 0, to: count, by: most).map { Array(self[$0..<Swift.min($0 + most, count)]) }
  }
}
