import SSMKit

/// `show ip bgp summary` as FRR 7.5 (VyOS 1.3) and later print it.
struct BGPSummary: Equatable {
  struct Neighbor: Equatable {
    var address: IPv4Address
    var asn: UInt32
    /// `Established`, or the state that stands in its place.
    var state: String
    /// Prefixes received of an established neighbor.
    var prefixes: Int?
  }

  var routerID: String
  var localAS: UInt32
  var neighbors: [Neighbor]

  /// - Throws: ``Unreadable`` for anything but a whole summary of IPv4 unicast.
  init(_ text: String) throws(Unreadable) {
    if text.contains("BGP instance not found") { throw Unreadable("BGP is not configured", raw: text) }
    if text.contains("bgpd is not running") { throw Unreadable("the BGP daemon is not running", raw: text) }
    let lines = text.filledLines
    guard let identity = lines.compactMap(Self.identity).first else {
      throw Unreadable("show ip bgp summary names no router identifier", raw: text)
    }
    (routerID, localAS) = identity
    neighbors = []
    guard let head = lines.firstIndex(where: { $0.hasPrefix("Neighbor ") }) else {
      throw Unreadable("show ip bgp summary printed no table of neighbors", raw: text)
    }
    let columns = lines[head].words.map(String.init)
    let wanted = [
      "Neighbor", "V", "AS", "MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ", "Up/Down", "State/PfxRcd",
    ]
    guard columns.starts(with: wanted) else {
      throw Unreadable("the table of show ip bgp summary has other columns", raw: String(lines[head]))
    }
    var total: Int?
    for line in lines[(head + 1)...] {
      if line.hasPrefix("Total number of neighbors") {
        total = line.words.last.flatMap { Int($0) }
      } else if total == nil, !line.hasPrefix("Displayed") {
        neighbors.append(try Self.neighbor(line, columns))
      }
    }
    guard total == neighbors.count else {
      throw Unreadable("show ip bgp summary ends without the right number of neighbors", raw: text)
    }
  }

  /// `BGP router identifier 10.255.0.1, local AS number 65001 vrf-id 0`.
  private static func identity(_ line: Substring) -> (String, UInt32)? {
    let words = line.words.map(String.init)
    guard words.count >= 8, words.starts(with: ["BGP", "router", "identifier"]),
      words[4...6] == ["local", "AS", "number"],
      words[3].hasSuffix(","), let asn = UInt32(words[7])
    else { return nil }
    return (String(words[3].dropLast()), asn)
  }

  private static func neighbor(_ line: Substring, _ columns: [String]) throws(Unreadable) -> Neighbor {
    var cells = line.words.map(String.init)
    // `Idle (Admin)`, `Idle (PfxCt)`: one state in two words.
    if cells.count > 10, cells[10].hasPrefix("(") {
      cells[9] += " \(cells[10])"
      cells.remove(at: 10)
    }
    let isComplete = columns.last == "Desc" ? cells.count >= columns.count : cells.count == columns.count
    guard isComplete, let address = IPv4Address(cells[0]), cells[1] == "4", let asn = UInt32(cells[2]),
      cells[3...7].allSatisfy({ UInt64($0) != nil }), isUptime(cells[8]),
      columns.count < 11 || UInt64(cells[10]) != nil || cells[10] == "N/A"
    else { throw Unreadable("a neighbor's line of show ip bgp summary can't be read", raw: String(line)) }
    if let prefixes = Int(cells[9]), prefixes >= 0 {
      guard cells[8] != "never" else {
        throw Unreadable("a neighbor's line of show ip bgp summary contradicts itself", raw: String(line))
      }
      return Neighbor(address: address, asn: asn, state: "Established", prefixes: prefixes)
    }
    guard cells[9].first?.isLetter == true else {
      throw Unreadable("a neighbor's line of show ip bgp summary has no state", raw: String(line))
    }
    return Neighbor(address: address, asn: asn, state: cells[9], prefixes: nil)
  }

  /// `never`, `00:00:15`, `1d02h03m`, `05w2d01h`.
  private static func isUptime(_ text: String) -> Bool {
    if text == "never" { return true }
    let shape = String(text.map { $0.isNumber ? "0" : $0 }).filter { $0 != "0" }
    return ["::", "dhm", "wdh", "ywd"].contains(shape)
  }
}
