import SSMKit

/// A row of `show vpn ipsec sa`: the same eight columns in VyOS 1.3, 1.4 and 1.5.
struct SecurityAssociation: Equatable {
  var connection: String
  var isUp: Bool
  var remoteAddress: String
  var remoteID: String
  var proposal: String

  private static let header = [
    "Connection", "State", "Uptime", "Bytes", "In/Out", "Packets", "In/Out", "Remote", "address", "Remote",
    "ID", "Proposal",
  ]

  /// - Throws: ``Unreadable`` for anything but that table.
  static func parse(_ text: String) throws(Unreadable) -> [SecurityAssociation] {
    let lines = text.filledLines
    guard let first = lines.first else { throw Unreadable("show vpn ipsec sa printed nothing") }
    let lowered = text.lowercased()
    if lowered.contains("ipsec") && lowered.contains("not run") {
      throw Unreadable("the IPsec daemon is not running", raw: text)
    }
    guard first.words.map(String.init) == header, lines.count > 1, lines[1].isRule(columns: 8) else {
      throw Unreadable("show vpn ipsec sa printed no table of SAs", raw: text)
    }
    var rows: [SecurityAssociation] = []
    for line in lines.dropFirst(2) { rows.append(try row(line)) }
    return rows
  }

  private static func row(_ line: Substring) throws(Unreadable) -> SecurityAssociation {
    let cells = line.words.map(String.init)
    guard cells.count == 8, ["up", "down"].contains(cells[1]) else {
      throw Unreadable("a line of show vpn ipsec sa can't be read", raw: String(line))
    }
    let isUp = cells[1] == "up"
    guard !isUp || (IPv4Address(cells[5]) != nil && cells[3].contains("/") && cells[4].contains("/")) else {
      throw Unreadable("a line of show vpn ipsec sa can't be read", raw: String(line))
    }
    return SecurityAssociation(
      connection: cells[0], isUp: isUp, remoteAddress: cells[5], remoteID: cells[6], proposal: cells[7])
  }
}

/// A row of `show vpn ipsec connections` (VyOS 1.4 and 1.5): an IKE connection or one of its tunnels.
struct IPsecConnection: Equatable {
  var name: String
  var isUp: Bool
  /// `IPsec` for a tunnel, `IKEv2` for its parent; phase 2 asks for no other.
  var type: String
  var remoteAddress: String
  var localID: String
  var remoteID: String
  /// `-` while it is down.
  var proposal: String

  var isTunnel: Bool { type == "IPsec" }

  private static let header = [
    "Connection", "State", "Type", "Remote", "address", "Local", "TS", "Remote", "TS", "Local", "id",
    "Remote", "id", "Proposal",
  ]

  /// - Throws: ``Unreadable`` for anything but that table.
  static func parse(_ text: String) throws(Unreadable) -> [IPsecConnection] {
    let lines = text.filledLines
    guard let first = lines.first, first.words.map(String.init) == header, lines.count > 1,
      lines[1].isRule(columns: 9)
    else { throw Unreadable("show vpn ipsec connections printed no table of connections", raw: text) }
    var rows: [IPsecConnection] = []
    for line in lines.dropFirst(2) {
      // A second traffic selector stands in a line of its own, the other cells empty.
      if line.hasPrefix(" ") { continue }
      let cells = line.words.map(String.init)
      guard cells.count == 9, ["up", "down"].contains(cells[1]),
        ["IPsec", "IKEv2"].contains(cells[2])
      else { throw Unreadable("a line of show vpn ipsec connections can't be read", raw: String(line)) }
      rows.append(
        IPsecConnection(
          name: cells[0], isUp: cells[1] == "up", type: cells[2], remoteAddress: cells[3], localID: cells[6],
          remoteID: cells[7], proposal: cells[8]))
    }
    return rows
  }
}

extension Substring {
  /// A line of dashes under a table's header.
  func isRule(columns: Int) -> Bool {
    words.count == columns && words.allSatisfy { $0.allSatisfy { $0 == "-" } }
  }
}
