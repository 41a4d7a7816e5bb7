/// Where everything of a picture is drawn.
///
/// Regions stand side by side. In each, a hub stands above a trunk from which every tunnel has a row of its own, with room for
/// its words, and the router at the other end. Nothing can overlap, however large the network is. A router that has been
/// drawn already is drawn once more as a reference.
struct NetworkLayout {
  struct Box: Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    var right: Int { x + width }
    var bottom: Int { y + height }
    var centre: Int { y + height / 2 }
  }

  struct Place {
    var router: Int
    var box: Box
    var isReference: Bool
  }

  /// A row: from the trunk to the box of the far end.
  struct Row {
    var tunnel: Int
    var trunk: Int
    var end: Int
    var y: Int
  }

  /// A hub's vertical line.
  struct Trunk {
    var x: Int
    var top: Int
    var bottom: Int
  }

  static let boxHeight = 30
  private static let rowHeight = 46
  private static let groupGap = 22
  private static let margin = 16
  private static let head = 34
  /// Regions side by side.
  private static let mostColumns = 3

  private(set) var places: [Place] = []
  private(set) var rows: [Row] = []
  private(set) var trunks: [Trunk] = []
  private(set) var regions: [(name: String, box: Box)] = []
  private(set) var width = 2 * margin
  private(set) var height = 2 * margin

  private let boxWidth: Int

  /// Pixels that a character of the picture's fixed-width letters takes at most, of a router's name and of a tunnel's words.
  static let nameWidth = 8
  static let wordWidth = 7

  init(_ picture: NetworkPicture) {
    let longest = picture.routers.map(\.name.count).max() ?? 1
    boxWidth = max(longest * Self.nameWidth + 44, 90)
    let groups = NetworkGroups(picture)
    let rowLength = 40 + NetworkPicture.Tunnel.mostWords * Self.wordWidth
    let columnWidth = 2 * Self.margin + 20 + rowLength + boxWidth
    let names = groups.byRegion.map(\.region)
    let columns = min(max(names.count, 1), Self.mostColumns)
    var tops = [Int](repeating: Self.margin, count: columns)
    for (name, members) in groups.byRegion {
      let column = tops.indices.min { tops[$0] < tops[$1] } ?? 0
      let left = Self.margin + column * (columnWidth + Self.margin)
      let top = tops[column]
      var y = top + Self.head
      for group in members {
        let hub = Box(x: left + Self.margin, y: y, width: boxWidth, height: Self.boxHeight)
        places.append(Place(router: group.router, box: hub, isReference: group.isReference))
        y += Self.boxHeight
        let trunk = hub.x + 20
        for row in group.rows {
          let end = trunk + rowLength
          let centre = y + Self.rowHeight / 2 + 4
          rows.append(Row(tunnel: row.tunnel, trunk: trunk, end: end, y: centre))
          let box = Box(
            x: end, y: centre - Self.boxHeight / 2, width: boxWidth, height: Self.boxHeight)
          places.append(Place(router: row.peer, box: box, isReference: row.isReference))
          y += Self.rowHeight
        }
        if let last = rows.last, !group.rows.isEmpty {
          trunks.append(Trunk(x: trunk, top: hub.bottom, bottom: last.y))
        }
        y += Self.groupGap
      }
      let frame = Box(x: left, y: top, width: columnWidth, height: y - top)
      regions.append((name, frame))
      tops[column] = frame.bottom + Self.margin
      width = max(width, frame.right + Self.margin)
      height = max(height, tops[column])
    }
  }
}
