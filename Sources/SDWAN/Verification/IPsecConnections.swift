/// A row of `show vpn ipsec connections` (VyOS 1.4 and 1.5): an IKE connection or one of its tunnels.
struct IPsecConnection: Equatable {
  var name: String
  var state: String
  /// `IPsec` for a tunnel, `IKEv2` for its parent; phase 2 asks for no other.
  var type: String
  var remoteAddress: String
  var localID: String
  var remoteID: String
  /// `-` where VyOS looked at an SA that has none: one that is down, or that is still being negotiated beside others.
  var proposal: String

  var isUp: Bool { state == "up" }
  var isTunnel: Bool { type == "IPsec" }
  /// Whether it is a VTI's, and not a policy's to the same peer.
  var isOfVTI: Bool { name.hasSuffix("-vti") }

  private static let columns = [
    "Connection", "State", "Type", "Remote address", "Local TS", "Remote TS", "Local id", "Remote id",
    "Proposal",
  ]

  /// - Throws: ``Unreadable`` for anything but that table.
  static func parse(_ text: String) throws(Unreadable) -> [IPsecConnection] {
    guard let table = TextTable(text, firstColumn: columns[0]) else {
      throw Unreadable("show vpn ipsec connections printed no table of connections", raw: text)
    }
    let rows = try table.cells(of: columns, command: "show vpn ipsec connections", versions: "1.4 and 1.5")
    return rows.map { cells in
      IPsecConnection(
        name: cells[0], state: cells[1], type: cells[2], remoteAddress: cells[3], localID: cells[6],
        remoteID: cells[7], proposal: cells[8])
    }
  }
}
